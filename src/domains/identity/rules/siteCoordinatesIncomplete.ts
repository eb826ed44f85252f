import type { RecordRule } from './rule.ts';
import { readCoordinates } from './values/coordinates.ts';

export const siteCoordinatesIncomplete: RecordRule<'site'> = {
  kind: 'record',
  id: 'site.coordinates.incomplete',
  version: 1,
  entityType: 'site',
  severity: 'WARNING',
  description: 'A site has both a latitude and a longitude, or neither.',
  fields: ['latitude', 'longitude'],
  rationale: 'One coordinate without the other is no place.',
  example: { latitude: 41.8757 },
  check(site, context, report) {
    const reading = readCoordinates(site, context);
    if (reading.kind !== 'INCOMPLETE') return;
    const other = reading.missing === 'latitude' ? 'longitude' : 'latitude';
    report({
      field: reading.missing,
      message: `The site has a ${other}, but no ${reading.missing}.`,
      currentValue: null,
      suggestedValue: null,
    });
  },
};
