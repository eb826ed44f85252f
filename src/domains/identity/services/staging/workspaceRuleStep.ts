import type { ClientBase } from 'pg';
import { isMatchRule } from '../duplicates/duplicateSearch.ts';
import { type MatchingEnvironment, matchDuplicates } from '../duplicates/matchDuplicates.ts';
import { batchRules } from './batchRules.ts';
import type { OpenStep, StepResult } from './batchSteps.ts';
import { findDuplicates } from './duplicateFindings.ts';
import { ORDINALS_PER_STEP } from './findings.ts';
import { queryFindings } from './queryFindings.ts';
import type { StagedBatch } from './stagedBatch.ts';

/** Runs the workspace rule of a step over all entities of an audit. */
export async function runWorkspaceRule(
  client: ClientBase,
  batch: StagedBatch,
  stepIndex: number,
  step: OpenStep,
  matching: MatchingEnvironment,
): Promise<StepResult> {
  const { context, workspaceRule } = await batchRules(client, batch);
  const rule = workspaceRule(step.ruleId);
  if (rule === undefined) throw new Error(`There is no workspace rule ${step.ruleId}.`);
  const ordinal = (stepIndex + 1) * ORDINALS_PER_STEP;
  switch (rule.kind) {
    case 'duplicate':
      return isMatchRule(rule)
        ? matchDuplicates(client, batch, rule, ordinal, step, matching)
        : findDuplicates(client, batch, rule, context, ordinal, step, matching.logger);
    case 'query':
      return queryFindings(client, batch, rule, context, ordinal, step);
  }
}
