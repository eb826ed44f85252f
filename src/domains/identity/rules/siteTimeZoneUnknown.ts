import type { SiteFields } from './entities.ts';
import type { FindingDraft, RecordRule, RuleContext } from './rule.ts';
import { cleanText } from './values/cleanText.ts';
import { readCoordinates } from './values/coordinates.ts';
import { countryToJudgeBy } from './values/country.ts';
import {
  isTimeZone,
  onlyTimeZoneOf,
  timeZoneAt,
  timeZoneOfCity,
  timeZoneWritten,
} from './values/timeZone.ts';

export const siteTimeZoneUnknown: RecordRule<'site'> = {
  kind: 'record',
  id: 'site.time-zone.unknown',
  version: 1,
  entityType: 'site',
  severity: 'WARNING',
  description:
    'A site’s time zone is a name of the IANA time zone database, such as America/Chicago or US/Central.',
  fields: ['timeZone', 'latitude', 'longitude', 'country'],
  rationale:
    'No program can tell what the time is there: offsets and abbreviations change or are shared.',
  example: { timeZone: 'america/new york' },
  check(site, context, report) {
    if (site.timeZone === null || isTimeZone(site.timeZone)) return;
    const text = cleanText(site.timeZone);
    if (text === '' || isTimeZone(text)) return;
    report({
      field: 'timeZone',
      message: 'This is not the name of a time zone in the IANA database.',
      currentValue: site.timeZone,
      ...suggest(text, site, context),
    });
  },
};

function suggest(
  text: string,
  site: SiteFields,
  context: RuleContext,
): Pick<FindingDraft, 'suggestedValue' | 'certainty'> {
  const written = timeZoneWritten(text);
  if (written !== null) return { suggestedValue: written };
  const likely = timeZoneOfPlace(site, context) ?? timeZoneOfCity(text);
  return likely === null
    ? { suggestedValue: null }
    : { suggestedValue: likely, certainty: 'LIKELY' };
}

function timeZoneOfPlace(site: SiteFields, context: RuleContext): string | null {
  const reading = readCoordinates(site, context);
  if (reading.kind === 'PLAUSIBLE') return timeZoneAt(reading.latitude, reading.longitude);
  const country = reading.kind === 'NONE' ? countryToJudgeBy(site.country, context) : null;
  return country === null ? null : onlyTimeZoneOf(country);
}
