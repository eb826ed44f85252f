import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGraphQLTestbed, type GraphQLTestbed } from '../support/graphqlTestbed.ts';
import { importInput } from '../support/importInput.ts';

let testbed: GraphQLTestbed;
let workspaceId: string;
let batchId: string;

beforeAll(async () => {
  testbed = await createGraphQLTestbed();
  const createdBy = await testbed.userId('admin');
  workspaceId = await testbed.createWorkspace({ createdBy, defaultCountry: 'DE' });
  const imported = await testbed.runtime.imports.importFile(
    importInput({
      ...{ workspaceId, createdBy, profile: 'deviceImport', saveMapping: 'Depot' },
      file: 'Seriennummer;Garantie bis;Notiz\nSN-1;31.12.2027;x\n',
      asked: { set: new Map([['manufacturer', 'Acme']]) },
    }),
  );
  batchId = imported.batchId;
});
afterAll(() => testbed.close());

const COLUMNS = [
  { column: 'Seriennummer', field: 'serialNumber' },
  { column: 'Garantie bis', field: 'warrantyEndsOn' },
  { column: 'Notiz', field: null },
];

it('says of a batch how its rows were read', async () => {
  const { data } = await testbed.ask(
    'admin',
    `query ($id: ID!) { stagedBatch(id: $id) { importOptions {
       fileName format { kind compression encoding delimiter } columns { column field } constants
       dateOrder decimalSeparator blankErases
     } } }`,
    { id: batchId },
  );
  expect(data?.stagedBatch.importOptions).toEqual({
    fileName: 'file.csv',
    format: { kind: 'CSV', compression: null, encoding: 'UTF-8', delimiter: ';' },
    columns: COLUMNS,
    constants: { manufacturer: 'Acme' },
    ...{ dateOrder: 'DMY', decimalSeparator: ',', blankErases: false },
  });
});

const list = (user: string, profile?: string) =>
  testbed.ask(
    user,
    `query ($id: ID!, $profile: String) { workspace(id: $id) { importMappings(profile: $profile) {
       id profile name columns { column field } constants dateOrder decimalSeparator blankErases
       savedBy { email }
     } } }`,
    { id: workspaceId, profile },
  );

it('lists saved mappings, and deletes them', async () => {
  const { data } = await list('admin');
  const [{ id, ...mapping }] = data?.workspace.importMappings ?? [];

  expect(mapping).toEqual({
    ...{ profile: 'deviceImport', name: 'Depot', columns: COLUMNS },
    constants: { manufacturer: 'Acme' },
    // Nothing in the file told the separator, so the next one may.
    ...{ dateOrder: 'DMY', decimalSeparator: null, blankErases: false },
    savedBy: { email: 'admin@test.example' },
  });
  expect((await list('admin', 'siteImport')).data?.workspace.importMappings).toEqual([]);

  const deleted = await testbed.ask(
    'admin',
    `mutation ($id: ID!) {
       deleteImportMapping(input: { mappingId: $id }) { importMappings { id } }
     }`,
    { id },
  );
  expect(deleted.data?.deleteImportMapping).toEqual({ importMappings: [] });
});
