/** How the gateway says that it reads a file with a single column. */
export const plan = {
  format: { kind: 'CSV', compression: null, encoding: 'UTF-8', delimiter: ',' },
  columns: [{ column: 'name', field: 'name', reason: 'NAME', takenBy: null }],
  mapping: { name: 'name' },
  unmappedColumns: [] as readonly string[],
  missingColumns: [] as readonly string[],
  dateOrder: { value: 'DMY', reason: 'DEFAULT', example: null as string | null },
  decimalSeparator: { value: '.', reason: 'DEFAULT', example: null as string | null },
  blankErases: false,
};
