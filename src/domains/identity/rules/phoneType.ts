import type { FieldsByType } from './entities.ts';
import type { RecordRule } from './rule.ts';
import { readPhone } from './values/phone.ts';
import { type SpecialNumberType, specialNumberType } from './values/phoneType.ts';

export const contactPhoneType = phoneType({
  entityType: 'contact',
  fields: ['kind', 'phone', 'country'],
  demand:
    'reaches the contact: none to call at a premium rate, of a pager or a voicemail box, and for a person none of a company’s service',
  isUnfit: ({ kind }, type) => kind === 'PERSON' || !COMPANY_TYPES.has(type),
});

export const sitePhoneType = phoneType({
  entityType: 'site',
  fields: ['phone', 'country'],
  demand: 'reaches the site: none to call at a premium rate, of a pager or a voicemail box',
  isUnfit: (_site, type) => !COMPANY_TYPES.has(type),
});

/** Types that companies have good reason to use. */
const COMPANY_TYPES: ReadonlySet<SpecialNumberType> = new Set(['SHARED_COST', 'UAN']);

const DESCRIPTIONS: Readonly<Record<SpecialNumberType, string>> = {
  PREMIUM_RATE: 'a premium-rate one: calls to it cost more than others',
  SHARED_COST: 'a shared-cost one, as companies have for their customers',
  UAN: 'a company’s number for all its branches, and no person’s own',
  PAGER: 'one of a pager, which nobody can be talked to on',
  VOICEMAIL: 'one of a voicemail box, which nobody answers',
};

interface PhoneType<T extends 'contact' | 'site'>
  extends Pick<RecordRule<T>, 'entityType' | 'fields'> {
  /** Completes "A contact’s phone number". */
  readonly demand: string;
  readonly isUnfit: (entity: FieldsByType[T], type: SpecialNumberType) => boolean;
}

function phoneType<T extends 'contact' | 'site'>({
  entityType,
  fields,
  demand,
  isUnfit,
}: PhoneType<T>): RecordRule<T> {
  return {
    kind: 'record',
    id: `${entityType}.phone.type`,
    version: 2,
    entityType,
    severity: 'INFO',
    description: `A ${entityType}’s phone number ${demand}.`,
    fields,
    rationale: 'A call to such a number is dear, or reaches nobody, or somebody else.',
    example: { phone: '+19002345678', country: 'US' },
    check(entity, context, report) {
      const { phone, country } = entity;
      if (phone === null) return;
      const reading = readPhone(phone, country, context);
      if (reading.kind !== 'VALID') return;
      const type = specialNumberType(reading.e164);
      if (type === null || !isUnfit(entity, type)) return;
      report({
        field: 'phone',
        message: `The phone number is ${DESCRIPTIONS[type]}.`,
        currentValue: phone,
        suggestedValue: null,
      });
    },
  };
}
