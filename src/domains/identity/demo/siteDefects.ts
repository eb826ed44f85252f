import { addressDefects } from './addressDefects.ts';
import { type Defects, strayWhitespace } from './demoDefects.ts';

/** What is wrong with sites of the demo workspace. */
export const SITE_DEFECTS: Defects<'site'> = {
  records: [
    {
      ruleId: 'site.required',
      field: 'name',
      severity: 'ERROR',
      count: 5,
      spoil: [() => ({ name: null })],
    },
    {
      ruleId: 'site.required',
      field: 'addressLine1',
      severity: 'ERROR',
      count: 4,
      spoil: [({ latitude }) => (latitude === null ? { addressLine1: null } : null)],
    },
    ...addressDefects('site', { phoneInvalid: 8, phoneFormat: 12, postalCode: 8, country: 8 }),
    strayWhitespace('site', 'name', 7),
    strayWhitespace('site', 'addressLine1', 7),
    strayWhitespace('site', 'locality', 3),
  ],
  duplicates: [
    {
      ruleId: 'site.duplicate',
      field: 'name',
      severity: 'WARNING',
      count: 6,
      copies: 1,
      copy: ({ name, addressLine1, ...original }) =>
        name === null || addressLine1 === null
          ? null
          : {
              name: name.toUpperCase(),
              streetNumber: original.streetNumber,
              addressLine1: `${addressLine1}.`,
              addressLine2: original.addressLine2,
              locality: original.locality,
              region: original.region,
              postalCode: original.postalCode,
              country: original.country,
            },
    },
  ],
};
