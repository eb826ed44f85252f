import { builder } from './builder.ts';

export const RoleEnum = builder.enumType('Role', {
  description: 'What a member may do in a workspace; each role includes the ones before it.',
  values: {
    VIEWER: { description: 'May read and export.' },
    EDITOR: { description: 'May also start audits and imports.' },
    REVIEWER: { description: 'May also decide, promote and revert.' },
    ADMIN: { description: 'May also manage members and settings.' },
  } as const,
});

export const EntityTypeEnum = builder.enumType('EntityType', {
  description: 'The kinds of entities that a workspace has.',
  values: {
    CONTACT: { value: 'contact', description: 'A person or an organisation.' },
    SITE: { value: 'site', description: 'A place.' },
    DEVICE: { value: 'device', description: 'A device.' },
  } as const,
});

export const EntityStateEnum = builder.enumType('EntityState', {
  description: 'Whether an entity is in use.',
  values: {
    ACTIVE: { description: 'In use; lists and audits take these.' },
    ARCHIVED: { description: 'Out of use, kept for its history.' },
    MERGED: { description: 'A duplicate that was merged into another entity.' },
  } as const,
});

export const ContactKindEnum = builder.enumType('ContactKind', {
  description: 'What a contact is.',
  values: {
    PERSON: { description: 'A person.' },
    ORGANISATION: { description: 'An organisation.' },
  } as const,
});

export const DeviceStatusEnum = builder.enumType('DeviceStatus', {
  description: 'Where a device is in its life.',
  values: {
    PLANNED: { description: 'Not installed yet.' },
    ACTIVE: { description: 'Installed and in use.' },
    INACTIVE: { description: 'Installed but not in use.' },
    RETIRED: { description: 'Taken out of use for good.' },
  } as const,
});

export const SourceTypeEnum = builder.enumType('StagedBatchSourceType', {
  description: 'Where a staged batch came from.',
  values: {
    CSV_IMPORT: { description: 'A file.' },
    API_IMPORT: { description: 'Another system, over the API.' },
    DATA_AUDIT: { description: 'The data that the workspace already has.' },
  } as const,
});

export const AuditModeEnum = builder.enumType('AuditMode', {
  description: 'How much of a workspace an audit looks at.',
  values: {
    FULL: { description: 'Everything.' },
    INCREMENTAL: { description: 'What has changed since the last audit, where there is one.' },
  } as const,
});

export const BatchStatusEnum = builder.enumType('BatchStatus', {
  description: 'How far a staged batch has come.',
  values: {
    STAGING: { description: 'Its rows are coming in.' },
    QUEUED: { description: 'It waits for a worker.' },
    PROCESSING: { description: 'Its records are being checked.' },
    READY_FOR_REVIEW: { description: 'People can decide on its findings.' },
    PROMOTING: { description: 'Accepted changes are being applied to production.' },
    REVERTING: { description: 'A promotion is being undone.' },
    COMPLETED: { description: 'There is nothing left to do.' },
    FAILED: { description: 'It ended early; the failure reason says why.' },
    CANCELLED: { description: 'Somebody stopped it.' },
  } as const,
});

export const RecordStatusEnum = builder.enumType('RecordStatus', {
  description: 'How far a record of a staged batch has come.',
  values: {
    PENDING: { description: 'Not checked yet.' },
    PASSED: { description: 'Checked, and nothing was found.' },
    NEEDS_REVIEW: { description: 'Has a finding that nobody has decided on.' },
    INVALID: { description: 'Could not be looked at; the reason says why.' },
    DECIDED: { description: 'All its findings have been decided on.' },
    PROMOTED: { description: 'Applied to production.' },
    CONFLICT: { description: 'Its entity has changed since it was looked at.' },
    FAILED: { description: 'Could not be applied; the reason says why.' },
    REVERTED: { description: 'Applied to production, and undone.' },
  } as const,
});

export const SeverityEnum = builder.enumType('Severity', {
  description: 'How much a finding matters.',
  values: {
    ERROR: { description: 'Wrong or missing; the record is not fit for use as it is.' },
    WARNING: { description: 'Most likely wrong.' },
    INFO: { description: 'Right, but not in the form it should have.' },
  } as const,
});

export const FindingDecisionEnum = builder.enumType('FindingDecision', {
  description: 'What people have decided about a finding.',
  values: {
    OPEN: { description: 'Nothing yet.' },
    ACCEPTED: { description: 'The change is wanted.' },
    REJECTED: { description: 'The change is not wanted.' },
    WAIVED: { description: 'The value is fine as it is.' },
  } as const,
});

export const ChangeKindEnum = builder.enumType('ChangeKind', {
  description: 'What was done to an entity.',
  values: {
    CREATED: { description: 'It was created.' },
    UPDATED: { description: 'Fields of it were changed.' },
    ARCHIVED: { description: 'It was taken out of use.' },
    MERGED: { description: 'It was merged into another entity.' },
    REVERTED: { description: 'An earlier change was undone.' },
    ERASED: { description: 'A person was erased: what they were is kept nowhere.' },
  } as const,
});

export const RunKindEnum = builder.enumType('RunKind', {
  description: 'What is done with a staged batch as a whole.',
  values: {
    PROMOTION: { description: 'What was accepted was applied to production.' },
    REVERSAL: { description: 'What was promoted was undone.' },
  } as const,
});

export const ReversalOutcomeEnum = builder.enumType('ReversalOutcome', {
  description: 'What became of a change that was to be undone.',
  values: {
    REVERSED: { description: 'It was undone.' },
    KEPT: { description: 'It was left, so that nothing done since is lost; the reason says what.' },
    ERRORED: { description: 'It could not be undone; the reason says why.' },
  } as const,
});

export const RecordDecisionEnum = builder.enumType('RecordDecision', {
  description: 'What people have decided about a record as a whole.',
  values: {
    OPEN: { description: 'Nothing yet.' },
    ACCEPTED: { description: 'What it brings is wanted.' },
    REJECTED: { description: 'It is not wanted.' },
  } as const,
});

export const MatchKindEnum = builder.enumType('MatchKind', {
  description: 'What a row of an import is to production.',
  values: {
    NEW: { description: 'No entity is known that it could be: it becomes a new one.' },
    UPDATE: { description: 'It changes the entity that it matches.' },
    UNCHANGED: {
      description: 'It says nothing new of the entity that it matches: nothing is to be done.',
    },
    AMBIGUOUS: {
      description:
        'It may be one of several entities, or is not surely the one that there is. Somebody has to choose before it can go to production.',
    },
  } as const,
});

export const MatchByEnum = builder.enumType('MatchBy', {
  description: 'How it was found out what a row of an import is to production.',
  values: {
    ID: { description: 'It names the id of the entity.' },
    EXTERNAL_ID: { description: 'It has the external id of the entity.' },
    STRONG_KEY: {
      description:
        'It has what identifies the entity, such as e-mail address and name, or manufacturer and serial number.',
    },
    PROBABILITY: { description: 'All that is known of both makes it probable.' },
    CHOICE: { description: 'Somebody has chosen it.' },
  } as const,
});

export const SuggestionCertaintyEnum = builder.enumType('SuggestionCertainty', {
  description: 'How sure a suggested value is.',
  values: {
    CERTAIN: { description: 'May be accepted unseen.' },
    LIKELY: { description: 'Somebody should look at it: bulk decisions leave it out.' },
  } as const,
});

export const FindingStateEnum = builder.enumType('FindingState', {
  description: 'Where a finding stood in the ledger of its workspace when its audit was done.',
  values: {
    NEW: { description: 'No audit had seen it before.' },
    PERSISTING: { description: 'It was open already.' },
    REGRESSED: { description: 'An earlier audit had resolved it, and it came back.' },
  } as const,
});

export const LedgerStateEnum = builder.enumType('LedgerState', {
  description: 'Where a finding stands now, whichever audits have made it.',
  values: {
    OPEN: { description: 'It was not resolved, and nobody has waived it.' },
    WAIVED: {
      description:
        'Somebody has said that the value is fine, and this value and version of the rule are those that they meant; it is OPEN again when that ends.',
    },
    RESOLVED: { description: 'A later audit has not found it any more.' },
  } as const,
});
