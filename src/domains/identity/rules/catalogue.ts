import { contactDuplicate } from './contactDuplicate.ts';
import { contactEmailSyntax } from './contactEmailSyntax.ts';
import { contactRequired } from './contactRequired.ts';
import { contactCountryUnknown, siteCountryUnknown } from './countryUnknown.ts';
import { deviceDuplicate } from './deviceDuplicate.ts';
import { deviceMacFormat } from './deviceMacFormat.ts';
import { deviceMacInvalid } from './deviceMacInvalid.ts';
import { deviceRequired } from './deviceRequired.ts';
import { deviceSiteMissing } from './deviceSiteMissing.ts';
import type { EntityType } from './entities.ts';
import { contactPhoneFormat, sitePhoneFormat } from './phoneFormat.ts';
import { contactPhoneInvalid, sitePhoneInvalid } from './phoneInvalid.ts';
import { contactPostalCodeInvalid, sitePostalCodeInvalid } from './postalCodeInvalid.ts';
import type { DuplicateRule, RecordRule } from './rule.ts';
import { siteDuplicate } from './siteDuplicate.ts';
import { siteRequired } from './siteRequired.ts';
import {
  contactTextWhitespace,
  deviceTextWhitespace,
  siteTextWhitespace,
} from './textWhitespace.ts';

export type AnyRecordRule = { [T in EntityType]: RecordRule<T> }[EntityType];
export type AnyDuplicateRule = { [T in EntityType]: DuplicateRule<T> }[EntityType];
export type AnyRule = AnyRecordRule | AnyDuplicateRule;

/** The rules that look at one entity, in the order in which their findings are listed. */
export const recordRules: { readonly [T in EntityType]: readonly RecordRule<T>[] } = {
  contact: [
    contactRequired,
    contactEmailSyntax,
    contactPhoneInvalid,
    contactPhoneFormat,
    contactPostalCodeInvalid,
    contactCountryUnknown,
    contactTextWhitespace,
  ],
  site: [
    siteRequired,
    sitePhoneInvalid,
    sitePhoneFormat,
    sitePostalCodeInvalid,
    siteCountryUnknown,
    siteTextWhitespace,
  ],
  device: [
    deviceRequired,
    deviceSiteMissing,
    deviceMacInvalid,
    deviceMacFormat,
    deviceTextWhitespace,
  ],
};

/** The rules that compare entities across a workspace. */
export const duplicateRules: readonly AnyDuplicateRule[] = [
  contactDuplicate,
  siteDuplicate,
  deviceDuplicate,
];

const rulesById: ReadonlyMap<string, AnyRule> = new Map(
  [...Object.values(recordRules).flat(), ...duplicateRules].map((rule) => [rule.id, rule]),
);

/** The rule of the catalogue with this id, if there is one. */
export function ruleById(id: string): AnyRule | undefined {
  return rulesById.get(id);
}
