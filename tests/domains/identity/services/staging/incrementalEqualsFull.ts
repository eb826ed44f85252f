import fc from 'fast-check';
import sql from 'sql-template-tag';
import { expect } from 'vitest';
import type { AuditMode } from '../../../../../src/domains/identity/generated/prisma/enums.ts';
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
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constant('cancel' as const), audit: number }),
  },
  { weight: 1, arbitrary: fc.constant<Act>({ act: 'thinEnded' }) },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('setThreshold' as const),
      threshold: fc.constantFrom(0.7, 0.95),
    }),
  },
);

const noneProbable: Act = { act: 'setThreshold', threshold: 1 };

const late: fc.Arbitrary<Act> = fc.record({
  act: fc.constant('editLate' as const),
  entity: number,
  fields,
});

/**
 * What happens before an audit; what is late ends after it. Where waivers expire while an audit is
 * being triggered, the one after it tells.
 */
const step = fc.record({
  acts: fc.array(act, { maxLength: 5 }),
  late: fc.array(late, { maxLength: 2 }),
  waiversExpireDuringOne: fc.boolean(),
});

/**
 * Does the same to two workspaces, audits one in full and the other incrementally after each step, and
 * expects that the ledgers and the scores say the same, and that nothing is missing for reviewers.
 */
export async function expectIncrementalToEqualFull(
  testbed: IdentityTestbed,
  {
    count,
    maxLength,
    crowd = 0,
    seed,
  }: {
    readonly count: number;
    readonly maxLength: number;
    /**
     * Contacts like nobody else; from 1,000 on, incremental audits compare what has changed with the
     * rest, by a model that full ones learn anew each time. So contacts are the same by their keys only.
     */
    readonly crowd?: number;
    readonly seed?: number;
  },
): Promise<void> {
  const actorId = await testbed.createUser('auditor');
  const bed = createBatchBed(testbed, actorId);
  const start = fc.array(added, { minLength: 3, maxLength: 8 });
  const steps = fc.array(step, { minLength: 2, maxLength });
  const property = fc.asyncProperty(start, steps, async (begun, followed) => {
    const workspace = async (mode: AuditMode) => {
      const id = await testbed.createWorkspace({ defaultCountry: 'US' });
      await createCrowd(testbed, id, crowd);
      return new TwinWorkspace(testbed, actorId, id, mode);
    };
    const [full, incremental] = [await workspace('FULL'), await workspace('INCREMENTAL')];
    const first: Act = { act: 'add', entityType: 'site', fields: { name: 'Headquarters' } };
    const calm = { late: [], waiversExpireDuringOne: false };
    const all = [
      { acts: [...(crowd === 0 ? [] : [noneProbable]), first, ...begun], ...calm },
      ...followed.map(({ acts, ...rest }) => ({
        ...rest,
        acts: acts.filter((each) => crowd === 0 || each.act !== 'setThreshold'),
      })),
      { acts: [], ...calm },
    ];
    try {
      for (const { acts, late: ending, waiversExpireDuringOne } of all) {
        for (const each of [...acts, ...ending]) {
          await full.do(each);
          await incremental.do(each);
        }
        if (waiversExpireDuringOne) {
          await Promise.all([full, incremental].map((twin) => twin.auditWhileWaiversExpire()));
        }
        await Promise.all([full, incremental].map((twin) => twin.audit(bed)));
        await expectTheSame(incremental, full);
      }
    } finally {
      await full.commitLate();
      await incremental.commitLate();
    }
  });
  await fc.assert(property, {
    numRuns: count,
    // To shrink takes longer than the test may, which then ends without having said what failed.
    endOnFailure: true,
    ...(seed === undefined ? {} : { seed }),
  });
}

async function expectTheSame(incremental: TwinWorkspace, full: TwinWorkspace): Promise<void> {
  expect(await incremental.ledger()).toEqual(await full.ledger());
  expect(await incremental.lastScores()).toEqual(await full.lastScores());
  const found = await full.lastFindings();
  const open = found.filter(({ decision }) => decision === 'OPEN').map(({ key }) => key);
  const underReview = new Set((await incremental.findingsUnderReview()).map(({ key }) => key));
  expect(open.filter((key) => !underReview.has(key))).toEqual([]);
  const decisions = new Map(found.map(({ key, decision }) => [key, decision]));
  for (const { key, decision } of await incremental.lastFindings()) {
    expect([key, decision]).toEqual([key, decisions.get(key)]);
  }
}

async function createCrowd(
  { runtime }: IdentityTestbed,
  workspaceId: string,
  size: number,
): Promise<void> {
  await runtime.pool.query(sql`
    INSERT INTO third_party (id, workspace_id, family_name, given_name, email)
    SELECT gen_random_uuid(), ${workspaceId}, initcap(family), initcap(given), family || '@example.org'
    FROM generate_series(1, ${size}::int) AS number
    CROSS JOIN LATERAL (SELECT translate(md5(number::text), '0123456789', 'ghijklmnop')) AS m (letters)
    CROSS JOIN LATERAL (SELECT left(letters, 10), right(letters, 8)) AS name (family, given)`);
}
