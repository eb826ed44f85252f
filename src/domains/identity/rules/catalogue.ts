import { contactAddressDoubled, siteAddressDoubled } from './addressDoubled.ts';
import { contactBirthDateImplausible } from './contactBirthDateImplausible.ts';
import { contactBirthDatePlaceholder } from './contactBirthDatePlaceholder.ts';
import { contactDuplicate } from './contactDuplicate.ts';
import { contactEmailRole } from './contactEmailRole.ts';
import { contactKindMismatch } from './contactKindMismatch.ts';
import { contactNameCase } from './contactNameCase.ts';
import { contactNameImplausible } from './contactNameImplausible.ts';
import { contactRecommended } from './contactRecommended.ts';
import { contactRequired } from './contactRequired.ts';
import { contactCountryUnknown, siteCountryUnknown } from './countryUnknown.ts';
import { deviceDatesImplausible } from './deviceDatesImplausible.ts';
import { deviceDuplicate } from './deviceDuplicate.ts';
import { deviceMacFormat } from './deviceMacFormat.ts';
import { deviceMacInvalid } from './deviceMacInvalid.ts';
import { deviceMacVendor } from './deviceMacVendor.ts';
import { deviceRecommended } from './deviceRecommended.ts';
import { deviceRequired } from './deviceRequired.ts';
import { deviceSerialMalformed } from './deviceSerialMalformed.ts';
import { deviceSerialNearEqual } from './deviceSerialNearEqual.ts';
import { deviceSerialPlaceholder } from './deviceSerialPlaceholder.ts';
import { deviceSiteMissing } from './deviceSiteMissing.ts';
import { contactEmailDisposable, siteEmailDisposable } from './emailDisposable.ts';
import { contactEmailDomainTypo, siteEmailDomainTypo } from './emailDomainTypo.ts';
import { contactEmailSyntax, siteEmailSyntax } from './emailSyntax.ts';
import { ENTITY_TYPES, type EntityType } from './entities.ts';
import { contactPhoneCountry, sitePhoneCountry } from './phoneCountry.ts';
import { contactPhoneFormat, sitePhoneFormat } from './phoneFormat.ts';
import { contactPhoneIncomplete, sitePhoneIncomplete } from './phoneIncomplete.ts';
import { contactPhoneInvalid, sitePhoneInvalid } from './phoneInvalid.ts';
import { contactPhoneType, sitePhoneType } from './phoneType.ts';
import { contactPostalCodeInvalid, sitePostalCodeInvalid } from './postalCodeInvalid.ts';
import { deviceSiteArchived, siteOwnerArchived } from './referenceArchived.ts';
import { deviceSiteMerged, siteOwnerMerged } from './referenceMerged.ts';
import type { DuplicateRule, QueryRule, RecordRule } from './rule.ts';
import { siteCoordinatesImplausible } from './siteCoordinatesImplausible.ts';
import { siteCoordinatesIncomplete } from './siteCoordinatesIncomplete.ts';
import { siteDuplicate } from './siteDuplicate.ts';
import { siteOwnerMissing } from './siteOwnerMissing.ts';
import { siteRecommended } from './siteRecommended.ts';
import { siteRequired } from './siteRequired.ts';
import { siteTimeZoneMismatch } from './siteTimeZoneMismatch.ts';
import { siteTimeZoneUnknown } from './siteTimeZoneUnknown.ts';
import { contactStale, deviceStale, siteStale } from './stale.ts';
import {
  contactTextWhitespace,
  deviceTextWhitespace,
  siteTextWhitespace,
} from './textWhitespace.ts';

export type AnyRecordRule = { [T in EntityType]: RecordRule<T> }[EntityType];
export type AnyDuplicateRule = { [T in EntityType]: DuplicateRule<T> }[EntityType];
export type AnyQueryRule = { [T in EntityType]: QueryRule<T> }[EntityType];
/** A rule that looks at a whole workspace. */
export type AnyWorkspaceRule = AnyDuplicateRule | AnyQueryRule;
export type AnyRule = AnyRecordRule | AnyWorkspaceRule;

/** The rules that look at one entity, in the order in which their findings are listed. */
export const recordRules: { readonly [T in EntityType]: readonly RecordRule<T>[] } = {
  contact: [
    contactRequired,
    contactRecommended,
    contactKindMismatch,
    contactNameImplausible,
    contactNameCase,
    contactBirthDateImplausible,
    contactBirthDatePlaceholder,
    contactEmailSyntax,
    contactEmailDomainTypo,
    contactEmailDisposable,
    contactEmailRole,
    contactPhoneInvalid,
    contactPhoneIncomplete,
    contactPhoneFormat,
    contactPhoneCountry,
    contactPhoneType,
    contactAddressDoubled,
    contactPostalCodeInvalid,
    contactCountryUnknown,
    contactTextWhitespace,
  ],
  site: [
    siteRequired,
    siteRecommended,
    siteEmailSyntax,
    siteEmailDomainTypo,
    siteEmailDisposable,
    sitePhoneInvalid,
    sitePhoneIncomplete,
    sitePhoneFormat,
    sitePhoneCountry,
    sitePhoneType,
    siteAddressDoubled,
    sitePostalCodeInvalid,
    siteCountryUnknown,
    siteCoordinatesIncomplete,
    siteCoordinatesImplausible,
    siteTimeZoneUnknown,
    siteTimeZoneMismatch,
    siteTextWhitespace,
  ],
  device: [
    deviceRequired,
    deviceRecommended,
    deviceSiteMissing,
    deviceSerialPlaceholder,
    deviceSerialMalformed,
    deviceMacInvalid,
    deviceMacFormat,
    deviceMacVendor,
    deviceDatesImplausible,
    deviceTextWhitespace,
  ],
};

/** The rules that compare entities across a workspace. */
export const duplicateRules: readonly AnyDuplicateRule[] = [
  contactDuplicate,
  siteDuplicate,
  deviceDuplicate,
];

/** The rules that PostgreSQL answers. */
export const queryRules: readonly AnyQueryRule[] = [
  contactStale,
  siteOwnerMissing,
  siteOwnerArchived,
  siteOwnerMerged,
  siteStale,
  deviceSiteArchived,
  deviceSiteMerged,
  deviceSerialNearEqual,
  deviceStale,
];

/** In the order of the steps that an audit has for them. */
export const workspaceRules: readonly AnyWorkspaceRule[] = [...duplicateRules, ...queryRules];

/** All rules, by entity type and in the order in which their findings are listed. */
export const allRules: readonly AnyRule[] = ENTITY_TYPES.flatMap((entityType): AnyRule[] => [
  ...recordRules[entityType],
  ...workspaceRules.filter((rule) => rule.entityType === entityType),
]);

const rulesById: ReadonlyMap<string, AnyRule> = new Map(allRules.map((rule) => [rule.id, rule]));

/** The rule of the catalogue with this id, if there is one. */
export function ruleById(id: string): AnyRule | undefined {
  return rulesById.get(id);
}
