import { assertNoValues, decideFindings } from '../../services/review/decideFindings.ts';
import type { DecisionResult } from '../../services/review/skipReasons.ts';
import { waiverTerms } from '../../services/review/waivers.ts';
import { builder } from '../builder.ts';
import { type IdentityContext, signedIn } from '../context.ts';
import { DecisionResultType } from './decisionResult.ts';
import { loadBatchFor } from './reviewedBatch.ts';
import { ReviewFilterInput } from './reviewFilter.ts';
import { FindingKeyInput, type SelectedFindings, selectedFindings } from './selection.ts';

type Decision = Parameters<typeof decideFindings>[1];

interface DecisionInput extends SelectedFindings {
  readonly batchId: string;
  readonly comment?: string | null | undefined;
  readonly dryRun?: boolean | null | undefined;
}

/**
 * Decides as the caller, who must be a reviewer.
 *
 * @param decision - reads what is decided, once it is known that the caller may
 */
async function decide(
  context: IdentityContext,
  input: DecisionInput,
  decision: () => Pick<Decision, 'decision' | 'waiver' | 'includeLikely'>,
): Promise<DecisionResult> {
  const batch = await loadBatchFor(context, input.batchId, 'canReview');
  const decided = decision();
  const selection = selectedFindings(input);
  if (decided.decision !== 'ACCEPTED' && 'keys' in selection) assertNoValues(selection.keys);
  return decideFindings(context.runtime.pool, {
    ...decided,
    selection,
    comment: input.comment ?? null,
    dryRun: input.dryRun ?? false,
    batchId: batch.id,
    actorId: signedIn(context),
  });
}

type InputFields = PothosSchemaTypes.InputFieldBuilder<
  typeof builder.$inferSchemaTypes,
  'InputObject'
>;

/** What every decision on findings is told: which ones, and how. */
function decisionFields(t: InputFields) {
  return {
    batchId: t.id({ required: true, description: 'The id of the batch.' }),
    findings: t.field({
      type: [FindingKeyInput],
      description: 'The findings, where you name them; at most 10000.',
    }),
    filter: t.field({
      type: ReviewFilterInput,
      description: 'Which findings, where you do not name them.',
    }),
    comment: t.string({ description: 'What others should know about it.' }),
    dryRun: t.boolean({ description: 'Only say what it would come to, and change nothing.' }),
  };
}

const AcceptFindingsInput = builder.inputType('AcceptFindingsInput', {
  description: 'Findings to accept. Give either findings or filter.',
  fields: (t) => ({
    ...decisionFields(t),
    includeLikely: t.boolean({
      description:
        'With filter: also accept suggestions that are LIKELY, and not CERTAIN. They are skipped otherwise.',
    }),
  }),
});

const RejectFindingsInput = builder.inputType('RejectFindingsInput', {
  description: 'Findings to reject. Give either findings or filter.',
  fields: decisionFields,
});

const WaiveFindingsInput = builder.inputType('WaiveFindingsInput', {
  description: 'Findings to waive. Give either findings or filter.',
  fields: (t) => ({
    ...decisionFields(t),
    reason: t.string({ required: true, description: 'Why the values are fine as they are.' }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'Until when later audits shall honour it; without end by default.',
    }),
  }),
});

const ReopenFindingsInput = builder.inputType('ReopenFindingsInput', {
  description: 'Findings to reopen. Give either findings or filter.',
  fields: decisionFields,
});

builder.mutationFields((t) => ({
  acceptFindings: t.field({
    type: DecisionResultType,
    description:
      'Accepts findings with their suggested values, or with edited ones, which the rules must agree with. The values come to production when the batch is promoted.',
    args: { input: t.arg({ type: AcceptFindingsInput, required: true, description: 'Which.' }) },
    authScopes: { authenticated: true },
    resolve: (_parent, { input }, context) =>
      decide(context, input, () => ({
        decision: 'ACCEPTED',
        includeLikely: input.includeLikely ?? false,
        waiver: null,
      })),
  }),
  rejectFindings: t.field({
    type: DecisionResultType,
    description: 'Rejects findings: their values stay as they are.',
    args: { input: t.arg({ type: RejectFindingsInput, required: true, description: 'Which.' }) },
    authScopes: { authenticated: true },
    resolve: (_parent, { input }, context) =>
      decide(context, input, () => ({
        decision: 'REJECTED',
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
      decide(context, input, () => ({
        decision: 'WAIVED',
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
      decide(context, input, () => ({
        decision: 'OPEN',
        waiver: null,
      })),
  }),
}));
