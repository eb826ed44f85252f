import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Address } from '../rules/entities.ts';
import { type Changes, type RecordDefect, spoilText } from './demoDefects.ts';

interface Reachable extends Address {
  readonly phone: string | null;
}

type Spoil = (fields: Reachable) => Changes | null;

interface Counts {
  readonly phoneInvalid: number;
  readonly phoneIncomplete: number;
  readonly phoneFormat: number;
  readonly phoneCountry: number;
  readonly phoneType: number;
  readonly doubled: number;
  readonly postalCode: number;
  readonly country: number;
}

/** What can be wrong with the phone number, postal code and country of contacts and sites. */
export function addressDefects<T extends 'contact' | 'site'>(
  entityType: T,
  counts: Counts,
): RecordDefect<T>[] {
  return [
    {
      ruleId: `${entityType}.phone.invalid`,
      field: 'phone',
      severity: 'ERROR',
      count: counts.phoneInvalid,
      spoil: INVALID_PHONES,
    },
    {
      ruleId: `${entityType}.phone.incomplete`,
      field: 'phone',
      severity: 'WARNING',
      count: counts.phoneIncomplete,
      spoil: LOCAL_PHONES,
    },
    {
      ruleId: `${entityType}.phone.format`,
      field: 'phone',
      severity: 'INFO',
      count: counts.phoneFormat,
      spoil: UNUSUAL_PHONES,
    },
    {
      ruleId: `${entityType}.phone.country`,
      field: 'phone',
      severity: 'INFO',
      count: counts.phoneCountry,
      spoil: FOREIGN_PHONES,
    },
    {
      ruleId: `${entityType}.phone.type`,
      field: 'phone',
      severity: 'INFO',
      count: counts.phoneType,
      // Of numbers at premium rate, none is kept for films.
      spoil: [({ country }) => (country === 'US' ? { phone: '+19005550123' } : null)],
    },
    {
      ruleId: `${entityType}.address.doubled`,
      field: 'addressLine2',
      severity: 'INFO',
      count: counts.doubled,
      spoil: DOUBLED_LINES,
    },
    {
      ruleId: `${entityType}.postal-code.invalid`,
      field: 'postalCode',
      severity: 'WARNING',
      count: counts.postalCode,
      spoil: INVALID_POSTAL_CODES,
    },
    {
      ruleId: `${entityType}.country.unknown`,
      field: 'country',
      severity: 'WARNING',
      count: counts.country,
      spoil: UNKNOWN_COUNTRIES,
    },
  ];
}

/** Without its area code, as people write it who live there. */
const LOCAL_PHONES: readonly Spoil[] = [
  (fields) =>
    fields.country === null || fields.country === 'US' || fields.country === 'CA'
      ? spoilText('phone', (e164) =>
          e164.startsWith('+1') ? `${e164.slice(5, 8)}-${e164.slice(8)}` : null,
        )(fields)
      : null,
];

const INVALID_PHONES: readonly Spoil[] = [
  spoilText('phone', (e164) => `${e164}999999`),
  spoilText('phone', () => 'ask reception'),
  spoilText('phone', (e164) => `${e164} or ${e164.slice(0, -1)}0`),
  spoilText('phone', (e164) => `+999${e164.slice(3)}`),
  spoilText('phone', () => '000-000-0000'),
];

const UNUSUAL_PHONES: readonly Spoil[] = [
  spoilText('phone', (e164) => parsePhoneNumberFromString(e164)?.formatNational() ?? null),
  spoilText('phone', (e164) => parsePhoneNumberFromString(e164)?.formatInternational() ?? null),
  spoilText('phone', (e164) => (e164.startsWith('+1') ? e164.slice(2) : null)),
  spoilText('phone', (e164) => ` ${e164}`),
  spoilText('phone', (e164) => parsePhoneNumberFromString(e164)?.getURI() ?? null),
];

/** Of an office elsewhere. */
const FOREIGN_PHONES: readonly Spoil[] = [
  ({ country }) => (country === 'FR' ? { phone: '+493023125990' } : null),
  ({ country }) => (country === 'DE' ? { phone: '+12125550199' } : null),
  ({ country }) => (country === 'US' ? { phone: '+442079460999' } : null),
];

const DOUBLED_LINES: readonly Spoil[] = [
  ({ addressLine1 }) => (addressLine1 === null ? null : { addressLine2: `${addressLine1}.` }),
  ({ addressLine1, streetNumber }) =>
    addressLine1 === null ? null : { addressLine2: `${streetNumber} ${addressLine1}` },
  ({ locality }) => ({ addressLine2: locality }),
];

const INVALID_POSTAL_CODES: readonly Spoil[] = [
  spoilText('postalCode', (code) => code.slice(0, -1)),
  // A spreadsheet takes it for a number.
  spoilText('postalCode', (code) => (/^0\d+$/.test(code) ? code.slice(1) : null)),
  spoilText('postalCode', () => 'N/A'),
  spoilText('postalCode', (code) => (/^\d+0/.test(code) ? code.replaceAll('0', 'O') : null)),
];

/** How people write a country who don't know its code. */
const COUNTRY_WORDS: Readonly<Record<string, readonly string[]>> = {
  US: ['USA', 'United States', 'us', 'U.S.A.'],
  CA: ['Canada', 'CAN', 'ca', 'Kanada'],
  GB: ['UK', 'United Kingdom', 'England', 'gb'],
  DE: ['Deutschland', 'GER', 'Germany', 'D'],
  FR: ['FRA', 'France', 'fr', ' FR'],
  NL: ['Nederland', 'Holland', 'NLD', 'Netherlands'],
  CH: ['Schweiz', 'Suisse', 'CHE', 'Switzerland'],
};

const UNKNOWN_COUNTRIES: readonly Spoil[] = [0, 1, 2, 3].map((index) =>
  spoilText('country', (code) => COUNTRY_WORDS[code]?.[index] ?? null),
);
