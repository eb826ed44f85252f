import fc from 'fast-check';
import { expect } from 'vitest';
import { createBatchBed } from '../../support/batchBed.ts';
import type { IdentityTestbed } from '../../support/identityTestbed.ts';
import { type Act, TwinWorkspace } from './twinWorkspaces.ts';

const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { freq: 3 });
const today = new Date().toISOString().slice(0, 10);

/** Few values, so that there are duplicates, and much to find and to mend. */
const fields = fc.record(
  {
    familyName: fc.constantFrom('Okafor', 'Ngata', ' Lindqvist', 'MEIER'),
    givenName: optional(fc.constantFrom('Ada', 'Grace')),
    name: fc.constantFrom('Depot', 'Harbor Clinic ', 'Mill'),
    email: optional(fc.constantFrom('a@example.com', 'b@example.com', 'no address', 'c@gmial.com')),
    phone: optional(fc.constantFrom('+13125550142', '(312) 555-0143', '030 901820', '12')),
    birthDate: optional(fc.constantFrom('1990-03-04', '1890-01-01', today, '2090-01-01')),
    country: optional(fc.constantFrom('US', 'DE', 'XX')),
    addressLine1: optional(fc.constantFrom('1 Main Street', '2 Mill Road')),
    serialNumber: optional(fc.constantFrom('A-10001', 'A-10002', 'A-1000l', 'N/A')),
    macAddress: optional(fc.constantFrom('00:1B:44:11:3A:B7', '001b44113ab8', 'none')),
    installedOn: optional(fc.constantFrom('2020-01-01', '1970-01-01', '2090-01-01')),
  },
  { requiredKeys: [] },
);
const number = fc.nat(30);
const CHANGED_RULES = ['contact.email.syntax', 'contact.duplicate', 'device.serial.near-equal'];

const NAMES = {
  contact: ['familyName', 'givenName', 'email', 'phone', 'birthDate', 'country'],
  site: ['name', 'email', 'phone', 'country', 'addressLine1'],
  device: ['serialNumber', 'macAddress', 'installedOn'],
} as const;

const added: fc.Arbitrary<Act> = fc
  .record({ entityType: fc.constantFrom('contact', 'site', 'device'), fields })
  .map(({ entityType, fields: given }) => {
    const names: readonly string[] = NAMES[entityType];
    const own = Object.entries(given).filter(([field]) => names.includes(field));
    return { act: 'add', entityType, fields: Object.fromEntries(own) };
  });

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: added },
  {
    weight: 5,
    arbitrary: fc.record({ act: fc.constant('edit' as const), entity: number, fields }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constantFrom('archive', 'restore'), entity: number }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constant('merge' as const), entity: number, into: number }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constant('refer' as const), entity: number, to: number }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('setRule' as const),
      ruleId: fc.constantFrom(...CHANGED_RULES),
      enabled: fc.option(fc.boolean()),
      severity: fc.option(fc.constant('ERROR' as const)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('setCountry' as const),
      country: fc.constantFrom('US', 'DE', null),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('waive' as const),
      finding: number,
      expires: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Act>({ act: 'expireWaivers' }) },
);

const late: fc.Arbitrary<Act> = fc.record({
  act: fc.constant('editLate' as const),
  entity: number,
  fields,
});

/** What happens before an audit; what is late ends after it. */
const step = fc.record({
  acts: fc.array(act, { maxLength: 5 }),
  late: fc.array(late, { maxLength: 2 }),
});

/**
 * Does the same to two workspaces, audits one in full and the other incrementally after each step, and
 * expects that the ledgers say the same.
 */
export async function expectIncrementalToEqualFull(
  testbed: IdentityTestbed,
  { count, maxLength, seed }: { count: number; maxLength: number; seed?: number },
): Promise<void> {
  const actorId = await testbed.createUser('auditor');
  const bed = createBatchBed(testbed, actorId);
  const start = fc.array(added, { minLength: 3, maxLength: 8 });
  const steps = fc.array(step, { minLength: 2, maxLength });
  const property = fc.asyncProperty(start, steps, async (begun, followed) => {
    const workspace = async () =>
      new TwinWorkspace(testbed, actorId, await testbed.createWorkspace({ defaultCountry: 'US' }));
    const [full, incremental] = [await workspace(), await workspace()];
    const first: Act = { act: 'add', entityType: 'site', fields: { name: 'Headquarters' } };
    const all = [{ acts: [first, ...begun], late: [] }, ...followed, { acts: [], late: [] }];
    try {
      for (const { acts, late: ending } of all) {
        for (const each of [...acts, ...ending]) {
          await full.do(each);
          await incremental.do(each);
        }
        await Promise.all([full.audit(bed, 'FULL'), incremental.audit(bed, 'INCREMENTAL')]);
        expect(await incremental.ledger()).toEqual(await full.ledger());
      }
    } finally {
      await full.commitLate();
      await incremental.commitLate();
    }
  });
  await fc.assert(property, { numRuns: count, ...(seed === undefined ? {} : { seed }) });
}
