import type { ClientBase } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { UnreadableValueError } from '../../profiles/parseFields.ts';
import { profileByName } from '../../profiles/registry.ts';
import type { EntityType } from '../../rules/entities.ts';
import { typesAmong } from '../imports/matching/importedRows.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import type { Promoter } from './acceptedFindings.ts';
import type { Rows } from './applyBisecting.ts';
import { type Creation, createEntities } from './createEntities.ts';
import {
  type ImportDecisions,
  loadImportDecisions,
  withAcceptedValues,
} from './importDecisions.ts';
import { addCounts, NOTHING_PROMOTED, type PromotedCounts } from './promotedCounts.ts';
import { keepWaiting, markFollowed, referencesToPromote } from './promotedReferences.ts';
import { promoteFindings } from './promoteFindings.ts';
import { promoteMatches, type ReferringPart } from './promoteMatches.ts';
import { recordFailure } from './recordFailure.ts';
import { holdTakenExternalIds } from './takenExternalIds.ts';
import { withoutNestedLoops } from './withoutNestedLoops.ts';

/**
 * Puts imported records that were accepted into production, with the values that were accepted for
 * them; under autoPromote also those without a finding of severity ERROR. Those that match an entity
 * change it, the others become new ones.
 */
export async function promoteImportRange(
  client: ClientBase,
  batch: StagedBatch,
  promoter: Promoter,
  rows: Rows,
): Promise<PromotedCounts> {
  const decisions = await withoutNestedLoops(client, () =>
    loadImportDecisions(client, batch, promoter, rows),
  );
  let promoted = NOTHING_PROMOTED;
  // In the order of types: contacts, then sites, then devices, so that what others refer to is there.
  for (const entityType of await typesAmong(client, batch.id, rows)) {
    const part = { rows, entityType };
    promoted = addCounts(promoted, await promoteType(client, batch, promoter, part, decisions));
  }
  const isLater = [...decisions.acceptedValues.keys()].some((row) => !decisions.isChosen(row));
  if (!isLater) return promoted;
  // What was accepted of a record after it had been promoted.
  return addCounts(promoted, await promoteFindings(client, batch, promoter, rows));
}

/** The records of one type in a range. */
interface Part {
  readonly rows: Rows;
  readonly entityType: EntityType;
}

/** Records that refer to what is not in production, or can't be told, wait for a later promotion. */
async function promoteType(
  client: ClientBase,
  batch: StagedBatch,
  promoter: Promoter,
  { rows, entityType }: Part,
  decisions: ImportDecisions,
): Promise<PromotedCounts> {
  const references = await referencesToPromote(client, batch, rows, entityType);
  const waiting = [...references].flatMap(([row, { problem }]) =>
    problem !== null && decisions.isChosen(row) ? row : [],
  );
  await keepWaiting(client, batch.id, waiting, references);
  const waits = new Set(waiting);
  const isChosen = (row: number): boolean => decisions.isChosen(row) && !waits.has(row);
  const part = { rows, entityType, references };
  const created = await promoteNew(client, batch, promoter, part, { ...decisions, isChosen });
  const updated = await promoteMatches(client, batch, promoter, part, { ...decisions, isChosen });
  await markFollowed(client, batch.id, references);
  return addCounts(addCounts(created, updated), { ...NOTHING_PROMOTED, waiting: waits.size });
}

async function promoteNew(
  client: ClientBase,
  batch: StagedBatch,
  promoter: Promoter,
  part: ReferringPart,
  decisions: ImportDecisions,
): Promise<PromotedCounts> {
  const { creations, failures } = await collectCreations(client, batch, part, decisions);
  const { free, counts } = await holdTakenExternalIds(client, batch, creations);
  await createEntities(client, batch, promoter, free, decisions);
  for (const { rowIndex, reason } of failures) {
    await recordFailure(client, batch.id, rowIndex, reason);
  }
  const applied = free.length;
  return addCounts(counts, {
    ...NOTHING_PROMOTED,
    applied,
    created: applied,
    failed: failures.length,
  });
}

/** What the chosen records become that match no entity, and which of all chosen ones can't be read. */
async function collectCreations(
  client: ClientBase,
  batch: StagedBatch,
  { rows, entityType: ofType, references }: ReferringPart,
  { isChosen, isMatched, acceptedValues }: ImportDecisions,
) {
  const { id: batchId, workspaceId } = batch;
  const range = { batchId, workspaceId, ...rows, entityType: ofType, references };
  const creations: Creation[] = [];
  const failures: { readonly rowIndex: number; readonly reason: string }[] = [];
  const isNew = (rowIndex: number): boolean => isChosen(rowIndex) && !isMatched(rowIndex);
  for await (const page of profileByName(batch.profile).loadRange(client, range)) {
    const { entityType } = page;
    for (const { rowIndex, entityId, entity } of page.records) {
      if (!isNew(rowIndex)) continue;
      try {
        const accepted = acceptedValues.get(rowIndex);
        creations.push({
          rowIndex,
          entityType,
          entityId: entityId ?? uuidv7(),
          entity: accepted ? withAcceptedValues(entityType, entity, accepted) : entity,
        });
      } catch (error) {
        if (!(error instanceof UnreadableValueError)) throw error;
        failures.push({ rowIndex, reason: error.message });
      }
    }
    failures.push(...page.unreadable.filter(({ rowIndex }) => isNew(rowIndex)));
  }
  return { creations, failures };
}
