import { describe, expect, it } from 'vitest';
import {
  applyMapping,
  mapColumns,
} from '../../../../../src/domains/identity/services/imports/columnMapping.ts';

const FIELDS = ['name', 'addressLine1', 'phone', 'country'];

function mapping(
  header: string[],
  map: Record<string, string> = {},
  set: Record<string, string> = {},
) {
  return mapColumns(header, FIELDS, {
    map: new Map(Object.entries(map)),
    set: new Map(Object.entries(set)),
  });
}

describe('columns', () => {
  it.each([
    ['by their name', ['name', 'phone'], {}, ['name', 'phone']],
    [
      'whatever the case and the punctuation',
      ['NAME', 'Address line-1'],
      {},
      ['name', 'addressLine1'],
    ],
    ['as asked for', ['Site', 'Street'], { Site: 'name' }, ['name', null]],
    [
      'as asked for, although another has the name',
      ['name', 'Site'],
      { Site: 'name' },
      [null, 'name'],
    ],
    ['never, where asked for', ['name', 'phone'], { phone: '' }, ['name', null]],
    ['once, where two have its name', ['Phone', 'phone', 'name'], {}, ['phone', null, 'name']],
  ])('fill a field %s', (_how, header, map, fields) => {
    expect(mapping(header, map).fields).toEqual(fields);
  });

  it.each([
    ['an unknown column', ['name'], { Nom: 'name' }, {}, 'map'],
    ['an unknown field', ['name'], { name: 'nom' }, {}, 'map'],
    ['an unknown field that is set', ['name'], {}, { nom: 'x' }, 'set'],
    ['a file of which no column fills a field', ['a', 'b'], {}, {}, 'map'],
  ])('refuses %s', (_what, header, map, set, field) => {
    expect(() => mapping(header, map, set)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', details: { field } }),
    );
  });
});

describe('a row', () => {
  it('keeps the cells that fill no field, whatever their columns are called', () => {
    const note = mapping(['name', 'Note', 'Note (2)', 'constructor', '__proto__', 'toString']);

    expect(applyMapping(note, ['Depot', 'a', 'b', 'c', 'd', 'e'])).toEqual({
      name: 'Depot',
      unmapped: Object.fromEntries([
        ['Note', 'a'],
        ['Note (2)', 'b'],
        ['constructor', 'c'],
        ['__proto__', 'd'],
        ['toString', 'e'],
      ]),
    });
  });

  it('joins columns that fill the same field, and leaves blank cells out', () => {
    const street = mapping(['name', 'No', 'Street'], {
      No: 'addressLine1',
      Street: 'addressLine1',
    });

    expect(applyMapping(street, ['Depot', '1', 'Main St'])).toEqual({
      name: 'Depot',
      addressLine1: '1 Main St',
    });
    expect(applyMapping(street, ['Depot', '', 'Main St'])).toMatchObject({
      addressLine1: 'Main St',
    });
  });

  it('gets the values that are set', () => {
    expect(applyMapping(mapping(['name'], {}, { country: 'US' }), ['Depot'])).toEqual({
      name: 'Depot',
      country: 'US',
    });
  });
});
