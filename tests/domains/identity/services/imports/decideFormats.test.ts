import { describe, expect, it } from 'vitest';
import {
  dateOrderOf,
  decideDateOrder,
  decideDecimalSeparator,
  decimalSeparatorOf,
} from '../../../../../src/domains/identity/services/imports/decideFormats.ts';

const UNKNOWN = { asked: null, saved: null, country: null };
const dates = (...texts: string[]) => texts.map((installedOn) => ({ installedOn }));
const numbers = (...texts: string[]) => texts.map((latitude) => ({ latitude }));

describe('the order of dates is decided', () => {
  it.each([
    ['as asked for', dates('31.12.2024'), { ...UNKNOWN, asked: 'MDY' }, 'MDY', 'ASKED', null],
    ['as saved', dates('31.12.2024'), { ...UNKNOWN, saved: 'MDY' }, 'MDY', 'SAVED', null],
    ['by a day above 12', dates('1/2/2024', '31/1/2024'), UNKNOWN, 'DMY', 'VALUES', '31/1/2024'],
    [
      'by such a day rather than by the country',
      dates('1/2/2024', '1/31/2024'),
      { ...UNKNOWN, country: 'DE' },
      'MDY',
      'VALUES',
      '1/31/2024',
    ],
    [
      'by most values',
      dates('31/1/2024', '30/1/2024', '1/31/2024'),
      { ...UNKNOWN, country: 'US' },
      'DMY',
      'VALUES',
      '31/1/2024',
    ],
    [
      'by dots',
      dates('1.2.2024', '2024-01-01'),
      { ...UNKNOWN, country: 'US' },
      'DMY',
      'VALUES',
      '1.2.2024',
    ],
    ['by years that come first', dates('2024-01-01'), UNKNOWN, 'YMD', 'VALUES', '2024-01-01'],
    [
      'by the country, where nothing tells',
      dates('1/2/2024'),
      { ...UNKNOWN, country: 'US' },
      'MDY',
      'COUNTRY',
      null,
    ],
    ['as most people write, where nothing is known', dates(), UNKNOWN, 'DMY', 'DEFAULT', null],
  ] as const)('%s', (_how, rows, known, value, reason, example) => {
    expect(decideDateOrder(rows, known)).toEqual({ value, reason, example });
  });

  it.each([
    ['US', 'MDY'],
    ['GB', 'DMY'],
    ['DE', 'DMY'],
    ['FR', 'DMY'],
    ['CH', 'DMY'],
    ['BR', 'DMY'],
    ['CN', 'YMD'],
    ['JP', 'YMD'],
    ['HU', 'YMD'],
    ['SA', 'DMY'],
  ])('as CLDR has it for %s: %s', (country, order) => {
    expect(dateOrderOf(country)).toBe(order);
  });
});

describe('the decimal separator is decided', () => {
  it.each([
    ['as asked for', numbers('47.3'), { ...UNKNOWN, asked: ',' }, ',', 'ASKED', null],
    ['as saved', numbers('47.3'), { ...UNKNOWN, saved: ',' }, ',', 'SAVED', null],
    ['by values', numbers('47', '47,3'), { ...UNKNOWN, country: 'US' }, ',', 'VALUES', '47,3'],
    ['by the country', numbers('47'), { ...UNKNOWN, country: 'DE' }, ',', 'COUNTRY', null],
    ['as most programs write', numbers(), UNKNOWN, '.', 'DEFAULT', null],
  ] as const)('%s', (_how, rows, known, value, reason, example) => {
    expect(decideDecimalSeparator(rows, known)).toEqual({ value, reason, example });
  });

  it.each([
    ['US', '.'],
    ['CH', '.'],
    ['DE', ','],
    ['FR', ','],
    ['BR', ','],
  ])('as CLDR has it for %s: %s', (country, separator) => {
    expect(decimalSeparatorOf(country)).toBe(separator);
  });
});
