import type { EngineRule } from './engineRuleFailed.ts';

function rule(
  id: string,
  severity: EngineRule['severity'],
  description: string,
  rationale: string,
  example: string,
): EngineRule {
  return { kind: 'engine', id, version: 1, severity, description, rationale, example };
}

const LINKED_LATER =
  'Each promotion looks again: whatever is found by then is linked, and what is not keeps the record waiting.';

/** A row of an import refers to an owner that can't be told. */
export const siteOwnerUnresolved = rule(
  'site.owner.unresolved',
  'ERROR',
  'The owner that a row of an import names, by id, external id, e-mail address or name, is one active contact of the workspace.',
  LINKED_LATER,
  'No active contact has the external id "C-17".',
);

/** A row of an import refers to an owner that is on its way. */
export const siteOwnerAwaited = rule(
  'site.owner.awaited',
  'INFO',
  'The owner that a row of an import names is in production, and not only a record under review.',
  LINKED_LATER,
  'No active contact has the external id "C-17" yet. Record 3 of this batch brings it: it is linked when that is promoted.',
);

/** A row of an import refers to a site that can't be told. */
export const deviceSiteUnresolved = rule(
  'device.site.unresolved',
  'ERROR',
  'The site that a row of an import names, by id, external id or name, is one active site of the workspace.',
  LINKED_LATER,
  'No active site has the external id "S-4".',
);

/** A row of an import refers to a site that is on its way. */
export const deviceSiteAwaited = rule(
  'device.site.awaited',
  'INFO',
  'The site that a row of an import names is in production, and not only a record under review.',
  LINKED_LATER,
  'No active site has the external id "S-4" yet. Record 0 of the batch "Sites" brings it: it is linked when that is promoted.',
);

/** What imports report of references that can't be followed, or not yet. */
export const referenceRules: readonly EngineRule[] = [
  siteOwnerUnresolved,
  siteOwnerAwaited,
  deviceSiteUnresolved,
  deviceSiteAwaited,
];

export const REFERENCE_RULE_IDS: readonly string[] = referenceRules.map(({ id }) => id);
