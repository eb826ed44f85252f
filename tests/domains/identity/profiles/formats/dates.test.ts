import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DateOrder,
  readDate,
  tellingOrder,
} from '../../../../../src/domains/identity/profiles/formats/dates.ts';
import {
  MONTH_LANGUAGES,
  namesOfMonths,
} from '../../../../../src/domains/identity/profiles/formats/monthNames.ts';

interface Day {
  readonly iso: string;
  readonly y: string;
  readonly m: string;
  readonly d: string;
}

const days: fc.Arbitrary<Day> = fc
  .date({
    min: new Date('1000-01-01T00:00:00Z'),
    max: new Date('9999-12-31T00:00:00Z'),
    noInvalidDate: true,
  })
  .map((date) => {
    const iso = date.toISOString().slice(0, 10);
    const [y = '', m = '', d = ''] = iso.split('-');
    return { iso, y, m, d };
  });

const short = (part: string): string => String(Number(part));

const FORMS: readonly (readonly [string, readonly DateOrder[], (day: Day) => string])[] = [
  ['YYYY-MM-DD', ['DMY', 'MDY', 'YMD'], ({ iso }) => iso],
  ['YYYYMMDD', ['DMY', 'MDY', 'YMD'], ({ y, m, d }) => `${y}${m}${d}`],
  ['YYYY/M/D', ['DMY', 'MDY', 'YMD'], ({ y, m, d }) => `${y}/${short(m)}/${short(d)}`],
  ['YYYY. M. D', ['DMY', 'MDY', 'YMD'], ({ y, m, d }) => `${y}. ${short(m)}. ${short(d)}`],
  ['YYYY-MM-DD at midnight', ['DMY', 'MDY', 'YMD'], ({ iso }) => `${iso}T00:00:00.000Z`],
  ['D.M.YYYY', ['DMY'], ({ y, m, d }) => `${short(d)}.${short(m)}.${y}`],
  ['DD.MM.YYYY at midnight', ['DMY'], ({ y, m, d }) => `${d}.${m}.${y} 00:00:00`],
  ['DD/MM/YYYY', ['DMY'], ({ y, m, d }) => `${d}/${m}/${y}`],
  ['DD-MM-YYYY', ['DMY'], ({ y, m, d }) => `${d}-${m}-${y}`],
  ['M/D/YYYY', ['MDY'], ({ y, m, d }) => `${short(m)}/${short(d)}/${y}`],
  ['MM-DD-YYYY', ['MDY'], ({ y, m, d }) => `${m}-${d}-${y}`],
];

describe('a date', () => {
  it.each(FORMS)('as %s is read as the day that was written', (_form, orders, write) => {
    fc.assert(
      fc.property(days, fc.constantFrom(...orders), (day, order) => {
        expect(readDate(write(day), order)).toBe(day.iso);
      }),
    );
  });

  it.each(MONTH_LANGUAGES)(
    'as people who speak "%s" write it with its month is read',
    (language) => {
      fc.assert(
        fc.property(days, fc.constantFrom('long', 'short'), (day, month) => {
          const options = { day: 'numeric', month, year: 'numeric', timeZone: 'UTC' } as const;
          const text = new Intl.DateTimeFormat(language, options).format(new Date(day.iso));
          expect(readDate(text, 'DMY')).toBe(day.iso);
        }),
      );
    },
  );

  it.each([
    ['1st March 2024', '2024-03-01'],
    ['01-MAR-2024', '2024-03-01'],
    ['March 1, 2024', '2024-03-01'],
    ['Sept. 3, 2024', '2024-09-03'],
    ['1. März 2024', '2024-03-01'],
    ['1er mars 2024', '2024-03-01'],
    ['1 de marzo de 2024', '2024-03-01'],
  ])('as %s is read', (text, iso) => {
    expect(readDate(text, 'MDY')).toBe(iso);
  });

  it.each<[string, DateOrder]>([
    ['31/12/2024', 'MDY'],
    ['12/31/2024', 'DMY'],
    ['31.12.2024', 'YMD'],
    ['29.02.2023', 'DMY'],
    ['2024-13-01', 'YMD'],
    ['00000101', 'YMD'],
    ['1.2.24', 'DMY'],
    ['45352', 'DMY'],
    ['31.12/2024', 'DMY'],
    ['2024-03-01T13:00:00Z', 'DMY'],
    ['1 Foo 2024', 'DMY'],
    ['soon', 'DMY'],
  ])('is not guessed: %s where the order is %s', (text, order) => {
    expect(readDate(text, order)).toBeNull();
  });
});

it('no name of a month means two', () => {
  const months = Map.groupBy(namesOfMonths(), ({ name }) => name);
  const several = [...months].filter(
    ([, named]) => new Set(named.map(({ month }) => month)).size > 1,
  );
  expect(several).toEqual([]);
});

describe('a value tells the order', () => {
  it.each([
    ['31/12/2024', 'DMY'],
    ['12/31/2024', 'MDY'],
    ['2024-12-31', 'YMD'],
    ['20241231', 'YMD'],
    ['3.4.2024', 'DOTS'],
    ['3/4/2024', null],
    ['31/31/2024', null],
    ['3 April 2024', null],
    ['', null],
  ])('%s: %s', (text, order) => {
    expect(tellingOrder(text)).toBe(order);
  });
});
