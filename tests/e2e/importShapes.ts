import { stringify } from 'csv-stringify/sync';

/** A file as people have it, and what of it is in production once it is imported. */
export interface ImportShape {
  readonly name: string;
  readonly type: 'contact' | 'site' | 'device';
  readonly file: Buffer;
  /** What is said of how to read it. */
  readonly options: readonly string[];
  /** Some of the exported rows, in the order of the file. */
  readonly exported: readonly object[];
  readonly counts: { readonly rows: number; readonly invalid: number };
}

const spreadsheet = `Standort;Straße;PLZ;Ort;Land;Breitengrad;Längengrad
Lager Nord;Hafenstraße 1;20457;Hamburg;DE;53,5436;9,9882
Lager Süd;Bahnhofplatz 2;80335;München;DE;48,1402;11,5600
`;

const german = `Seriennummer;Hersteller;Installiert am;Garantie bis
SN-G1;Müller & Söhne;31.01.2024;30.01.2027
SN-G2;Müller & Söhne;5.2.2024;04.02.2027
`;

const excel = `Serial Number\tManufacturer\tInstalled on\tWarranty end\tNotes
SN-Ä1\tAcme\t31/01/2024\t30/01/2027\t"two
lines"
SN-Ä2\tAcme\t15/02/2024\t14/02/2027\t
`;

const api = [
  {
    id: 71,
    first_name: 'Ada',
    last_name: 'Byron',
    address: { line1: '12 St James Square', city: 'London', country: 'GB' },
    tags: ['a', 'b'],
  },
  {
    id: 72,
    first_name: 'Grace',
    last_name: 'Hopper',
    address: { city: 'Arlington', country: 'US' },
  },
];

const CRM_COLUMNS = [
  ...['Record ID', 'First Name', 'Last Name', 'Email', 'Phone Number', 'Mailing Street'],
  ...['Mailing City', 'Mailing Zip/Postal Code', 'Mailing Country', 'Birthdate'],
  ...Array.from({ length: 30 }, (_, index) => `Custom ${index + 1}`),
];
const crm = stringify([
  CRM_COLUMNS,
  [
    ...['1001', 'Alan', 'Turing', 'alan@example.com', '+442072193000', '1 High St', 'Wilmslow'],
    ...['SK9 1AA', 'GB', '1912-06-23', ...Array.from({ length: 30 }, (_, index) => `v${index}`)],
  ],
]);

const BROKEN_EVERY = 100;
const broken = [
  'externalId,givenName,familyName',
  ...Array.from({ length: 1_000 }, (_, index) =>
    index % BROKEN_EVERY === 50 ? `B-${index},"x"y,z` : `B-${index},Given${index},Family${index}`,
  ),
].join('\n');

const french = `Nom;Prénom;Courriel;Téléphone;Code postal;Ville;Pays;Date de naissance
Curie;Marie;marie@example.org;+33145671234;75005;Paris;FR;07/11/1967
`;

const PUBLIC_COLUMNS = [
  ...['Id', 'Source', 'Site name', 'Address', 'Zip', 'Phone', 'Fax', 'Program Name'],
  ...['Length of Day', 'IDHS Provider ID', 'Agency', 'Neighborhood', 'Funded Enrollment'],
  ...['Program Option', 'Number per Site EHS', 'Number per Site HS', 'Director', 'Head Start Fund'],
  ...['Eearly Head Start Fund', 'CC fund', 'Progmod', 'Website', 'Executive Director'],
  ...['Center Director', 'ECE Available Programs', 'NAEYC Valid Until', 'NAEYC Program Id'],
  ...['Email Address', 'Ounce of Prevention Description', 'Purple binder service type'],
  ...['Column', 'Column2'],
];
const blankCells = ','.repeat(PUBLIC_COLUMNS.length - 8);
const publicList = `${PUBLIC_COLUMNS.join(',')}
0,portal.csv, Temple / Nursery,1 N Ogden Ave ,60607,(312) 226-2649,,Child Care${blankCells}
1,portal.csv,St. Kevin,10509 S Torrence Ave,60617,(773) 721-2563,,Child Care${blankCells}
`;

/** Shapes of files that differ in format, encoding, language and soundness. */
export const IMPORT_SHAPES: readonly ImportShape[] = [
  {
    name: 'a spreadsheet with semicolons and decimal commas',
    type: 'site',
    file: Buffer.from(spreadsheet),
    options: [],
    exported: [
      { name: 'Lager Nord', latitude: 53.5436, longitude: 9.9882, postalCode: '20457' },
      { name: 'Lager Süd', latitude: 48.1402, longitude: 11.56 },
    ],
    counts: { rows: 2, invalid: 0 },
  },
  {
    name: 'a spreadsheet with German dates',
    type: 'device',
    file: Buffer.from(german, 'latin1'),
    options: [],
    exported: [
      {
        ...{ serialNumber: 'SN-G1', manufacturer: 'Müller & Söhne' },
        ...{ installedOn: '2024-01-31', warrantyEndsOn: '2027-01-30' },
      },
      { serialNumber: 'SN-G2', installedOn: '2024-02-05', warrantyEndsOn: '2027-02-04' },
    ],
    counts: { rows: 2, invalid: 0 },
  },
  {
    name: 'UTF-16 with tabs from Excel',
    type: 'device',
    file: Buffer.from(`\uFEFF${excel}`, 'utf16le'),
    options: [],
    exported: [
      { serialNumber: 'SN-Ä1', installedOn: '2024-01-31', warrantyEndsOn: '2027-01-30' },
      { serialNumber: 'SN-Ä2', installedOn: '2024-02-15' },
    ],
    counts: { rows: 2, invalid: 0 },
  },
  {
    name: 'NDJSON of an API',
    type: 'contact',
    file: Buffer.from(api.map((row) => JSON.stringify(row)).join('\n')),
    options: [],
    exported: [
      {
        externalId: '71',
        givenName: 'Ada',
        addressLine1: '12 St James Square',
        locality: 'London',
      },
      { externalId: '72', givenName: 'Grace', locality: 'Arlington', country: 'US' },
    ],
    counts: { rows: 2, invalid: 0 },
  },
  {
    name: 'a CRM export with 40 columns',
    type: 'contact',
    file: Buffer.from(crm),
    options: [],
    exported: [
      {
        ...{ externalId: '1001', givenName: 'Alan', familyName: 'Turing', locality: 'Wilmslow' },
        ...{ postalCode: 'SK9 1AA', birthDate: '1912-06-23', phone: '+442072193000' },
      },
    ],
    counts: { rows: 1, invalid: 0 },
  },
  {
    name: 'a file with one broken row in a hundred',
    type: 'contact',
    file: Buffer.from(broken),
    options: [],
    exported: [{ externalId: 'B-0', givenName: 'Given0', familyName: 'Family0' }],
    counts: { rows: 1_000, invalid: 10 },
  },
  {
    name: 'a file in French',
    type: 'contact',
    file: Buffer.from(french, 'latin1'),
    options: [],
    exported: [
      {
        ...{ familyName: 'Curie', givenName: 'Marie', email: 'marie@example.org' },
        ...{ birthDate: '1967-11-07', postalCode: '75005', locality: 'Paris' },
      },
    ],
    counts: { rows: 1, invalid: 0 },
  },
  {
    name: 'a public list of sites',
    type: 'site',
    file: Buffer.from(publicList),
    options: ['--set', 'country=US'],
    exported: [
      { name: ' Temple / Nursery', addressLine1: '1 N Ogden Ave ', postalCode: '60607' },
      { name: 'St. Kevin', phone: '(773) 721-2563', country: 'US' },
    ],
    counts: { rows: 2, invalid: 0 },
  },
];
