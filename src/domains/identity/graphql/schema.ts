import './scalars.ts';
import './user.ts';
import './workspace.ts';
import './membership.ts';
import './workspaceArchive.ts';
import './contact.ts';
import './site.ts';
import './device.ts';
import './auditRule.ts';
import './configuration.ts';
import './backTest.ts';
import './staging/stagedBatch.ts';
import './staging/stagedRecord.ts';
import './staging/duplicateMatch.ts';
import './staging/recordMatch.ts';
import './staging/batchMatching.ts';
import './staging/certificate.ts';
import './staging/mutations.ts';
import './staging/lifecycle.ts';
import './staging/batchProgress.ts';
import './schedule/auditSchedule.ts';
import './schedule/mutations.ts';
import './review/batchRun.ts';
import './review/promotion.ts';
import './review/conflicts.ts';
import './review/presentValue.ts';
import './review/stagedChange.ts';
import './review/decisions.ts';
import './review/records.ts';
import './review/chooseMatch.ts';
import './review/reviewQueue.ts';
import './review/decisionHistory.ts';
import './review/waiver.ts';
import './entityHistory.ts';
import './erasure.ts';
import './mergedEntities.ts';
import './ledger/findingState.ts';
import './ledger/ledgerFinding.ts';
import './ledger/batchLedger.ts';
import './quality.ts';
import './review/archive.ts';
import './review/merge.ts';
import './review/reversal.ts';
import { builder } from './builder.ts';

/** The federated schema of the identity subgraph. */
export const schema = builder.toSubGraphSchema({
  linkUrl: 'https://specs.apollo.dev/federation/v2.9',
});
