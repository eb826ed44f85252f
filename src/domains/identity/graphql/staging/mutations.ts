import { builder } from '../builder.ts';
import { signedIn } from '../context.ts';
import { AuditModeEnum } from '../enums.ts';

const TriggerDataAuditInput = builder.inputType('TriggerDataAuditInput', {
  description: 'What to audit.',
  fields: (t) => ({
    workspaceId: t.id({ required: true, description: 'The id of the workspace to audit.' }),
    mode: t.field({
      type: AuditModeEnum,
      description:
        'FULL by default. INCREMENTAL checks what has changed since the last certified audit; where that can not be told, the audit is full, and StagedBatch.fullReason says why.',
    }),
    title: t.string({
      description:
        'What people call the audit, in 1 to 200 characters; the kind and the day by default.',
    }),
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
        description:
          'How many contacts, sites and devices are audited. In an incremental audit those that have not changed are among them: rules that look at the whole workspace look at them too.',
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
        mode: input.mode ?? undefined,
        title: input.title ?? undefined,
      });
      return { batchId: batch.id, recordCount };
    },
  }),
);
