import { assertNoValues, decideFindings } from '../../services/review/decideFindings.ts';
import type { DecisionResult } from '../../services/review/skipReasons.ts';
import { waiverTerms } from '../../services/review/waivers.ts';
import { builder } from '../builder.ts';
import { type IdentityContext, signedIn } from '../context.ts';
import { DecisionResultType } from './decisionResult.ts';
import { loadBatchFor } from './reviewedBatch.ts';
import { ReviewFilterInput } from './reviewFilter.ts';
import { FindingKeyInput, selectedFindings } from './selection.ts';

type Decision = Parameters<typeof decideFindings>[1];

/**
 * Decides as the caller, who must be a reviewer.
 *
 * @param read - reads the input, once it is known that the caller may
 */
async function decide(
  context: IdentityContext,
  batchId: string,
  read: () => Omit<Decision, 'batchId' | 'actorId'>,
): Promise<DecisionResult> {
  const batch = await loadBatchFor(context, batchId, 'canReview');
  return decideFindings(context.runtime.pool, {
    ...read(),
    batchId: batch.id,
    actorId: signedIn(context),
  });
}

const batchId = { required: true, description: 'The id of the batch.' } as const;
const findings = {
  type: [FindingKeyInput],
  description: 'The findings, where you name them; at most 10000.',
} satisfies { type: [typeof FindingKeyInput]; description: string };
const filter = {
  type: ReviewFilterInput,
  description: 'Which findings, where you do not name them.',
} as const;
const dryRun = { description: 'Only say what it would come to, and change nothing.' } as const;
const comment = { description: 'What others should know about it.' } as const;

const AcceptFindingsInput = builder.inputType('AcceptFindingsInput', {
  description: 'Findings to accept. Give either findings or filter.',
  fields: (t) => ({
    batchId: t.id(batchId),
    findings: t.field(findings),
    filter: t.field(filter),
    includeLikely: t.boolean({
      description:
        'With filter: also accept suggestions that are LIKELY, and not CERTAIN. They are skipped otherwise.',
    }),
    comment: t.string(comment),
    dryRun: t.boolean(dryRun),
  }),
});

const RejectFindingsInput = builder.inputType('RejectFindingsInput', {
  description: 'Findings to reject. Give either findings or filter.',
  fields: (t) => ({
    batchId: t.id(batchId),
    findings: t.field(findings),
    filter: t.field(filter),
    comment: t.string(comment),
    dryRun: t.boolean(dryRun),
  }),
});

const WaiveFindingsInput = builder.inputType('WaiveFindingsInput', {
  description: 'Findings to waive. Give either findings or filter.',
  fields: (t) => ({
    batchId: t.id(batchId),
    findings: t.field(findings),
    filter: t.field(filter),
    reason: t.string({ required: true, description: 'Why the values are fine as they are.' }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'Until when later audits shall honour it; without end by default.',
    }),
    comment: t.string(comment),
    dryRun: t.boolean(dryRun),
  }),
});

const ReopenFindingsInput = builder.inputType('ReopenFindingsInput', {
  description: 'Findings to reopen. Give either findings or filter.',
  fields: (t) => ({
    batchId: t.id(batchId),
    findings: t.field(findings),
    filter: t.field(filter),
    comment: t.string(comment),
    dryRun: t.boolean(dryRun),
  }),
});

builder.mutationFields((t) => ({
  acceptFindings: t.field({
    type: DecisionResultType,
    description:
      'Accepts findings with their suggested values, or with edited ones, which the rules must agree with. The values come to production when the batch is promoted.',
    args: { input: t.arg({ type: AcceptFindingsInput, required: true, description: 'Which.' }) },
    authScopes: { authenticated: true },
    resolve: (_parent, { input }, context) =>
      decide(context, input.batchId, () => ({
        decision: 'ACCEPTED',
        selection: selectedFindings(input),
        includeLikely: input.includeLikely ?? false,
        comment: input.comment ?? null,
        dryRun: input.dryRun ?? false,
        waiver: null,
      })),
  }),
  rejectFindings: t.field({
    type: DecisionResultType,
    description: 'Rejects findings: their values stay as they are.',
    args: { input: t.arg({ type: RejectFindingsInput, required: true, description: 'Which.' }) },
    authScopes: { authenticated: true },
    resolve: (_parent, { input }, context) =>
      decide(context, input.batchId, () => ({
        decision: 'REJECTED',
        selection: withoutValues(selectedFindings(input)),
        comment: input.comment ?? null,
        dryRun: input.dryRun ?? false,
        waiver: null,
      })),
  }),
  waiveFindings: t.field({
    type: DecisionResultType,
    description:
      'Says that values are fine as they are. Later audits honour it for as long as the value and the version of the rule stay the same. For findings that are waived already, it changes reason and end of their waivers; by filter, where it names the decision WAIVED.',
    args: { input: t.arg({ type: WaiveFindingsInput, required: true, description: 'Which.' }) },
    authScopes: { authenticated: true },
    resolve: (_parent, { input }, context) =>
      decide(context, input.batchId, () => ({
        decision: 'WAIVED',
        selection: withoutValues(selectedFindings(input)),
        comment: input.comment ?? null,
        dryRun: input.dryRun ?? false,
        waiver: waiverTerms(input.reason, input.expiresAt ?? null),
      })),
  }),
  reopenFindings: t.field({
    type: DecisionResultType,
    description:
      'Takes decisions back, and revokes the waivers that came with them. Findings of one merge are reopened together. A record that failed, is in conflict or was reverted can be promoted again.',
    args: { input: t.arg({ type: ReopenFindingsInput, required: true, description: 'Which.' }) },
    authScopes: { authenticated: true },
    resolve: (_parent, { input }, context) =>
      decide(context, input.batchId, () => ({
        decision: 'OPEN',
        selection: withoutValues(selectedFindings(input)),
        comment: input.comment ?? null,
        dryRun: input.dryRun ?? false,
        waiver: null,
      })),
  }),
}));

function withoutValues(selection: Decision['selection']): Decision['selection'] {
  if ('keys' in selection) assertNoValues(selection.keys);
  return selection;
}
