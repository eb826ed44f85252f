/** The languages whose names of months are read. */
export const MONTH_LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl'] as const;

const JANUARY = 1;

/** Letters alone, whatever their case and accents: "Février" and "fevrier." are one. */
function letters(name: string): string {
  return name.normalize('NFKD').toLowerCase().replace(/\P{L}/gu, '');
}

/** The names of months as CLDR has them, in full and abbreviated, alone and within a date. */
export function namesOfMonths(): readonly { readonly name: string; readonly month: number }[] {
  const months = Array.from({ length: 12 }, (_, index) => index + JANUARY);
  return MONTH_LANGUAGES.flatMap((language) =>
    (['long', 'short'] as const).flatMap((month) =>
      [{ month }, { day: 'numeric', month } as const].flatMap((parts) => {
        const format = new Intl.DateTimeFormat(language, { ...parts, timeZone: 'UTC' });
        return months.map((number) => {
          const date = new Date(Date.UTC(2024, number - JANUARY, 1));
          const name = format.formatToParts(date).find(({ type }) => type === 'month')?.value ?? '';
          return { name: letters(name), month: number };
        });
      }),
    ),
  );
}

let monthsByName: ReadonlyMap<string, number> | null = null;

/** @returns undefined for what is no name of a month */
export function monthOf(name: string): number | undefined {
  monthsByName ??= new Map([
    ...namesOfMonths().map(({ name: known, month }) => [known, month] as const),
    // English and German write "Sept." as well.
    ['sept', 9],
  ]);
  return monthsByName.get(letters(name));
}
