import { describe, expect, it } from 'vitest';
import type { EntityType } from '../../../../../../src/domains/identity/rules/entities.ts';
import {
  type AskedColumn,
  applyMapping,
  mapColumns,
} from '../../../../../../src/domains/identity/services/imports/mapping/columnMapping.ts';

interface Given {
  readonly entityType?: EntityType;
  readonly map?: readonly (readonly [string, string | null])[];
  readonly saved?: readonly (readonly [string, string | null])[];
  readonly set?: Record<string, string>;
  readonly holdsIds?: boolean;
  readonly holdsTypes?: boolean;
}

const toColumns = (pairs: Given['map'] = []): AskedColumn[] =>
  pairs.map(([column, field]) => ({ column, field }));

function mapping(
  columns: string[],
  { entityType = 'site', map, saved, set = {}, holdsIds = false, holdsTypes = false }: Given = {},
) {
  return mapColumns(columns, entityType, {
    map: toColumns(map),
    saved: toColumns(saved),
    set: new Map(Object.entries(set)),
    holdsIds: () => holdsIds,
    holdsTypes: () => holdsTypes,
  });
}

const fieldsOf = ({ columns }: ReturnType<typeof mapping>) => columns.map(({ field }) => field);

describe('columns', () => {
  it.each<[string, string[], Given, (string | null)[]]>([
    ['by their name', ['name', 'phone'], {}, ['name', 'phone']],
    [
      'whatever the case and the punctuation',
      ['NAME', 'Address line-1'],
      {},
      ['name', 'addressLine1'],
    ],
    ['whatever the accents', ['Téléphone', 'STRASSE'], {}, ['phone', 'addressLine1']],
    [
      'as asked for',
      ['Depot no', 'Street'],
      { map: [['Depot no', 'name']] },
      ['name', 'addressLine1'],
    ],
    [
      'as asked for, although another has the name',
      ['name', 'Site'],
      { map: [['Site', 'name']] },
      [null, 'name'],
    ],
    ['never, where asked for', ['name', 'phone'], { map: [['phone', null]] }, ['name', null]],
    ['once, where two have its name', ['Phone', 'phone', 'name'], {}, ['phone', null, 'name']],
    ['by its name rather than a synonym', ['City', 'locality'], {}, [null, 'locality']],
    ['by the better synonym', ['Mobil', 'Telefon', 'name'], {}, [null, 'phone', 'name']],
    [
      'as saved, unless asked for otherwise',
      ['a', 'b', 'name'],
      {
        map: [['b', 'phone']],
        saved: [
          ['a', 'phone'],
          ['b', 'email'],
          ['name', null],
        ],
      },
      [null, 'phone', null],
    ],
    [
      'never, where every row gets a value',
      ['name', 'Land'],
      { set: { country: 'CH' } },
      ['name', null],
    ],
  ])('fill a field %s', (_how, columns, given, fields) => {
    expect(fieldsOf(mapping(columns, given))).toEqual(fields);
  });

  it.each<[string, EntityType, string[], (string | null)[]]>([
    [
      'a German one of contacts',
      'contact',
      [
        'Kundennummer',
        'Firma',
        'Vorname',
        'Nachname',
        'Straße und Hausnummer',
        'PLZ',
        'Ort',
        'Tel.',
        'E-Mail-Adresse',
        'Geburtsdatum',
        'Bemerkung',
      ],
      [
        'externalId',
        'organisationName',
        'givenName',
        'familyName',
        'addressLine1',
        'postalCode',
        'locality',
        'phone',
        'email',
        'birthDate',
        null,
      ],
    ],
    [
      'a French one of contacts',
      'contact',
      ['Prénom', 'Nom', 'Code postal', 'Ville', 'Pays', 'Courriel', 'Date de naissance'],
      ['givenName', 'familyName', 'postalCode', 'locality', 'country', 'email', 'birthDate'],
    ],
    [
      'a Spanish one of contacts',
      'contact',
      [
        'Nombre',
        'Apellidos',
        'Dirección',
        'Código postal',
        'Provincia',
        'Correo electrónico',
        'Móvil',
      ],
      ['givenName', 'familyName', 'addressLine1', 'postalCode', 'region', 'email', 'phone'],
    ],
    [
      'an Italian one of contacts',
      'contact',
      ['Nome', 'Cognome', 'Indirizzo', 'CAP', 'Città', 'Telefono', 'Data di nascita'],
      ['givenName', 'familyName', 'addressLine1', 'postalCode', 'locality', 'phone', 'birthDate'],
    ],
    [
      'a Portuguese one of contacts',
      'contact',
      ['Nome', 'Sobrenome', 'Endereço', 'CEP', 'Cidade', 'Telefone', 'Data de nascimento'],
      ['givenName', 'familyName', 'addressLine1', 'postalCode', 'locality', 'phone', 'birthDate'],
    ],
    [
      'a Dutch one of contacts',
      'contact',
      [
        'Voornaam',
        'Achternaam',
        'Huisnummer',
        'Postcode',
        'Woonplaats',
        'Telefoonnummer',
        'Geboortedatum',
      ],
      ['givenName', 'familyName', 'streetNumber', 'postalCode', 'locality', 'phone', 'birthDate'],
    ],
    [
      "a CRM's",
      'contact',
      [
        'Account Name',
        'First Name',
        'Last Name',
        'Mailing Street',
        'Mailing City',
        'Mailing State/Province',
        'Mailing Zip/Postal Code',
        'Mailing Country',
        'Billing City',
        'Phone',
        'Email',
        'Birthdate',
      ],
      [
        'organisationName',
        'givenName',
        'familyName',
        'addressLine1',
        'locality',
        'region',
        'postalCode',
        'country',
        null,
        'phone',
        'email',
        'birthDate',
      ],
    ],
    [
      'one of devices',
      'device',
      [
        'Seriennummer',
        'Hersteller',
        'Modell',
        'MAC-Adresse',
        'Standort',
        'Garantie bis',
        'aktiv',
        'Inventarnummer',
      ],
      [
        'serialNumber',
        'manufacturer',
        'model',
        'macAddress',
        'siteName',
        'warrantyEndsOn',
        'status',
        'externalId',
      ],
    ],
    [
      "an API's",
      'site',
      [
        'siteName',
        'address.street',
        'address.postal_code',
        'address.city',
        'lat',
        'lng',
        'owner.email',
        'tz',
      ],
      [
        'name',
        'addressLine1',
        'postalCode',
        'locality',
        'latitude',
        'longitude',
        'ownerEmail',
        'timeZone',
      ],
    ],
  ])('of a file are known by synonyms: %s', (_file, entityType, columns, fields) => {
    expect(fieldsOf(mapping(columns, { entityType }))).toEqual(fields);
  });

  it('say how they came to their field, and which one has taken it', () => {
    const { columns } = mapping(['Phone', 'Telefon', 'Notes', 'Depot', 'x'], {
      map: [['Depot', 'name']],
      saved: [['x', 'region']],
    });

    expect(columns).toEqual([
      { column: 'Phone', field: 'phone', reason: 'NAME', takenBy: null },
      { column: 'Telefon', field: null, reason: null, takenBy: 'Phone' },
      { column: 'Notes', field: null, reason: null, takenBy: null },
      { column: 'Depot', field: 'name', reason: 'ASKED', takenBy: null },
      { column: 'x', field: 'region', reason: 'SAVED', takenBy: null },
    ]);
  });

  it.each([['Name'], ['Full name'], ['Vollständiger Name'], ['Nom'], ['Nombre']])(
    'with whole names fill no field of contacts: %s',
    (column) => {
      expect(fieldsOf(mapping([column, 'email'], { entityType: 'contact' }))).toEqual([
        null,
        'email',
      ]);
    },
  );

  it('named "Name" beside a first name are last names', () => {
    const columns = ['Name', 'Vorname'];
    expect(fieldsOf(mapping(columns, { entityType: 'contact' }))).toEqual([
      'familyName',
      'givenName',
    ]);
  });

  it('named "ID" are ids where they hold such, else external ids', () => {
    expect(fieldsOf(mapping(['ID', 'name'], { holdsIds: true }))).toEqual(['id', 'name']);
    expect(fieldsOf(mapping(['ID', 'name']))).toEqual(['externalId', 'name']);
    expect(fieldsOf(mapping(['ID', 'External ID']))).toEqual([null, 'externalId']);
  });

  it('named "Record type" say of which type rows are only where they hold such', () => {
    const columns = ['Record Type', 'name', 'Seriennummer'];
    expect(fieldsOf(mapping(columns, { holdsTypes: true }))).toEqual([
      ...['entityType', 'name', 'serialNumber'],
    ]);
    expect(fieldsOf(mapping(columns))).toEqual([null, 'name', null]);
  });

  it('of other types count where rows say of which type they are', () => {
    expect(fieldsOf(mapping(['entityType', 'name', 'Seriennummer']))).toEqual([
      'entityType',
      'name',
      'serialNumber',
    ]);
    expect(fieldsOf(mapping(['name', 'Seriennummer']))).toEqual(['name', null]);
  });

  it('of a saved mapping that are not in the file are named, the others count whatever their case', () => {
    const { columns, missingColumns } = mapping(['DEPOT', 'phone'], {
      saved: [
        ['Depot', 'name'],
        ['Fax', 'phone'],
      ],
    });

    expect(columns.map(({ field, reason }) => [field, reason])).toEqual([
      ['name', 'SAVED'],
      ['phone', 'NAME'],
    ]);
    expect(missingColumns).toEqual(['Fax']);
  });

  it.each<[string, string[], Given, string]>([
    ['an unknown column', ['name'], { map: [['Nom', 'name']] }, 'map'],
    ['an unknown field', ['name'], { map: [['name', 'nom']] }, 'map'],
    ['a field of another type', ['name'], { map: [['name', 'serialNumber']] }, 'map'],
    ['an unknown field that is set', ['name'], { set: { nom: 'x' } }, 'set'],
    [
      'a column that is mapped twice',
      ['name'],
      {
        map: [
          ['name', 'name'],
          ['name', 'phone'],
        ],
      },
      'map',
    ],
    [
      'a field that is both filled by a column and set',
      ['name', 'Land'],
      { map: [['Land', 'country']], set: { country: 'US' } },
      'map',
    ],
    ['a file of which no column fills a field', ['a', 'b'], {}, 'map'],
  ])('refuses %s', (_what, columns, given, field) => {
    expect(() => mapping(columns, given)).toThrow(
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

  it('joins columns that fill the same field in the order given, and leaves blank cells out', () => {
    const street = mapping(['name', 'No', 'Road'], {
      map: [
        ['Road', 'addressLine1'],
        ['No', 'addressLine1'],
      ],
    });

    expect(applyMapping(street, ['Depot', '1', 'Hauptstrasse'])).toEqual({
      name: 'Depot',
      addressLine1: 'Hauptstrasse 1',
    });
    expect(applyMapping(street, ['Depot', '', 'Hauptstrasse'])).toMatchObject({
      addressLine1: 'Hauptstrasse',
    });
  });

  it('gets the values that are set', () => {
    expect(applyMapping(mapping(['name'], { set: { country: 'US' } }), ['Depot'])).toEqual({
      name: 'Depot',
      country: 'US',
    });
  });
});
