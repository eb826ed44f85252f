import { builder } from '../builder.ts';
import { signedIn } from '../context.ts';

const TriggerDataAuditInput = builder.inputType('TriggerDataAuditInput', {
  description: 'What to audit.',
  fields: (t) => ({
    workspaceId: t.id({ required: true, description: 'The id of the workspace to audit.' }),
  }),
});

interface TriggeredAudit {
  readonly batchId: string;
  readonly recordCount: number;
}

const TriggerDataAuditResult = builder
  .objectRef<TriggeredAudit>('TriggerDataAuditResult')
  .implement({
    description: 'An audit that has begun.',
    fields: (t) => ({
      batchId: t.exposeID('batchId', {
        description: 'The id of the staged batch in which the findings are reviewed.',
      }),
      recordCount: t.exposeInt('recordCount', {
        description: 'How many contacts, sites and devices are audited.',
      }),
    }),
  });

builder.mutationField('triggerDataAudit', (t) =>
  t.field({
    type: TriggerDataAuditResult,
    description:
      'Sends every active contact, site and device of a workspace through review, as a staged batch.',
    args: {
      input: t.arg({
        type: TriggerDataAuditInput,
        required: true,
        description: 'What to audit.',
      }),
    },
    authScopes: (_parent, { input }) => ({ canCreate: input.workspaceId }),
    resolve: async (_parent, { input }, context) => {
      const { batch, recordCount } = await context.runtime.auditRunner.triggerDataAudit({
        // Every staged row bears it, so it is written in one way.
        workspaceId: input.workspaceId.toLowerCase(),
        createdBy: signedIn(context),
      });
      return { batchId: batch.id, recordCount };
    },
  }),
);
