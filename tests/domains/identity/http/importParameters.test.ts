import { describe, expect, it } from 'vitest';
import { readImportParameters } from '../../../../src/domains/identity/http/importParameters.ts';

const WORKSPACE = 'workspaceId=01a20d8d-6b49-70e5-a5ac-8d384ddcdf19';
const read = (query: string) => readImportParameters(new URLSearchParams(query));

it('a query of an import says how the file is read', () => {
  const { asked, profile } = read(
    `${WORKSPACE}&profile=siteImport&map=a%3Db=name&map=c=&set=country=US&dateOrder=DMY`,
  );

  expect(profile).toBe('siteImport');
  expect(asked).toMatchObject({
    map: [
      { column: 'a=b', field: 'name' },
      { column: 'c', field: null },
    ],
    set: new Map([['country', 'US']]),
    dateOrder: 'DMY',
  });
});

describe('a query of an import is refused', () => {
  it.each([
    [
      'that misspells a parameter',
      `${WORKSPACE}&profile=siteImport&dryrun=true`,
      'dryrun',
      'no query parameter dryrun. Use workspaceId',
    ],
    [
      'that gives one twice',
      `${WORKSPACE}&profile=siteImport&dryRun=true&dryRun=false`,
      'dryRun',
      'more than once',
    ],
    [
      'that sets a field twice',
      `${WORKSPACE}&profile=siteImport&set=country=US&set=country=DE`,
      'set',
      '"country" is set more than once',
    ],
    ['without a profile', WORKSPACE, 'profile', 'profile is missing'],
    [
      'with a value that is none',
      `${WORKSPACE}&profile=siteImport&dateOrder=MYD`,
      'dateOrder',
      'dateOrder is wrong',
    ],
  ])('%s', (_what, query, field, message) => {
    expect(() => read(query)).toThrow(
      expect.objectContaining({
        ...{ code: 'BAD_USER_INPUT', details: { field } },
        message: expect.stringContaining(message),
      }),
    );
  });
});
