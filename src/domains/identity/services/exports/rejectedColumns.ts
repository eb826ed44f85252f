/** The columns that a file of rejected rows ends with: they say of a row where it was, and what is wrong with it. */
export const REJECTED_COLUMNS = ['_raw', '_line', '_reason'] as const;
