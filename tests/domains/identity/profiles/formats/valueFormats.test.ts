import { describe, expect, it } from 'vitest';
import { ENUMERATIONS } from '../../../../../src/domains/identity/profiles/formats/enumerations.ts';
import {
  toCanonicalRow,
  type ValueFormats,
} from '../../../../../src/domains/identity/profiles/formats/valueFormats.ts';
import {
  parseFields,
  UnreadableValueError,
} from '../../../../../src/domains/identity/profiles/parseFields.ts';

const EUROPEAN: ValueFormats = { dateOrder: 'DMY', decimalSeparator: ',' };
const AMERICAN: ValueFormats = { dateOrder: 'MDY', decimalSeparator: '.' };

describe('a row', () => {
  it('is read in the formats of its file', () => {
    const place = { latitude: '47,3769', longitude: '-8' };
    expect(toCanonicalRow('site', place, EUROPEAN)).toEqual({
      latitude: '47.3769',
      longitude: '-8',
    });
    const dates = { installedOn: '3.4.2024', warrantyEndsOn: '20270403', model: '1.2.2024' };
    expect(toCanonicalRow('device', dates, EUROPEAN)).toEqual({
      installedOn: '2024-04-03',
      warrantyEndsOn: '2027-04-03',
      model: '1.2.2024',
    });
    expect(toCanonicalRow('contact', { birthDate: '3/4/1980' }, AMERICAN)).toEqual({
      birthDate: '1980-03-04',
    });
  });

  it('without formats is left as it is, but for words', () => {
    const row = { birthDate: '3.4.1980', kind: 'Firma' };
    expect(toCanonicalRow('contact', row, null)).toEqual({ ...row, kind: 'ORGANISATION' });
  });

  it('keeps blank cells, and words that mean nothing', () => {
    const row = { installedOn: ' ', status: 'on fire' };
    expect(toCanonicalRow('device', row, EUROPEAN)).toEqual(row);
    expect(() => parseFields('device', row)).toThrow('status: expected one of PLANNED');
  });

  it.each([
    ['contact', { birthDate: '12/31/1980' }, EUROPEAN, 'birthDate: expected a date as DD.MM.YYYY'],
    ['contact', { birthDate: '12/31/1980' }, EUROPEAN, 'got "12/31/1980"'],
    ['contact', { birthDate: '31.12.1980' }, AMERICAN, 'birthDate: expected a date as MM/DD/YYYY'],
    ['device', { installedOn: '45352' }, EUROPEAN, 'installedOn: expected a date'],
    ['site', { latitude: '47.3769' }, EUROPEAN, 'decimal comma, such as 47,3769, got "47.3769"'],
    ['site', { latitude: '47,3769' }, AMERICAN, 'decimal point, such as 47.3769, got "47,3769"'],
  ] as const)('of a %s that says %j is told what was expected', (type, row, formats, message) => {
    const read = () => toCanonicalRow(type, row, formats);
    expect(read).toThrow(UnreadableValueError);
    expect(read).toThrow(message);
  });

  it.each([
    ['contact', 'kind', 'Privatperson', 'PERSON'],
    ['contact', 'kind', 'Société', 'ORGANISATION'],
    ['contact', 'kind', 'company', 'ORGANISATION'],
    ['device', 'status', 'aktiv', 'ACTIVE'],
    ['device', 'status', 'TRUE', 'ACTIVE'],
    ['device', 'status', 'nein', 'INACTIVE'],
    ['device', 'status', 'außer Betrieb', 'INACTIVE'],
    ['device', 'status', 'prévu', 'PLANNED'],
    ['device', 'status', 'Decommissioned', 'RETIRED'],
  ] as const)('of a %s whose %s is "%s" means %s', (type, field, word, value) => {
    expect(toCanonicalRow(type, { [field]: word }, EUROPEAN)).toEqual({ [field]: value });
  });
});

it.each(Object.entries(ENUMERATIONS))('no word for a %s means two', (_field, values) => {
  const words = Object.entries(values).flatMap(([value, named]) =>
    named.map((word) => ({ word: word.toLowerCase(), value })),
  );
  const several = [...Map.groupBy(words, ({ word }) => word)].filter(
    ([, meanings]) => new Set(meanings.map(({ value }) => value)).size > 1,
  );
  expect(several).toEqual([]);
});
