import type { Address } from './entities.ts';
import type { FindingDraft, RecordRule } from './rule.ts';
import { cleanText } from './values/cleanText.ts';
import {
  firstOfTwo,
  localityWithoutPostalCode,
  localityWithoutRegion,
  repeatedInLine2,
  saysWholeAddress,
  streetWithoutNumber,
} from './values/doubledAddress.ts';

export const contactAddressDoubled = addressDoubled('contact');
export const siteAddressDoubled = addressDoubled('site');

type Report = (finding: FindingDraft) => void;

function addressDoubled<T extends 'contact' | 'site'>(entityType: T): RecordRule<T> {
  return {
    kind: 'record',
    id: `${entityType}.address.doubled`,
    version: 2,
    entityType,
    severity: 'INFO',
    description: `A ${entityType}’s address says nothing twice: neither the street, its number, the locality, the region nor the postal code.`,
    fields: ['streetNumber', 'addressLine1', 'addressLine2', 'locality', 'region', 'postalCode'],
    rationale: 'Labels and map look-ups go wrong, and equal addresses look unlike.',
    example: { addressLine1: '1 North Ogden Avenue', addressLine2: '1 North Ogden Avenue' },
    check(address: Address, _context, report) {
      if (address.addressLine1 !== null) judgeLine1(address, address.addressLine1, report);
      if (address.addressLine2 !== null) judgeLine2(address, address.addressLine2, report);
      if (address.locality !== null) judgeLocality(address, address.locality, report);
    },
  };
}

function judgeLine1(address: Address, value: string, report: Report): void {
  const { streetNumber, postalCode } = address;
  // Most lines have neither in them: the rest is for those that do.
  const mayHaveNumber = streetNumber !== null && value.includes(streetNumber);
  const mayHaveCode = postalCode !== null && value.includes(postalCode);
  const line = cleanText(value);
  const found = { field: 'addressLine1', currentValue: value } as const;
  const once = firstOfTwo(line);
  if (once !== null && !saysWholeAddress(address, once)) {
    const message = 'The address line 1 says the same twice.';
    const suggestedValue = streetWithoutNumber(address, once) ?? once;
    report({ ...found, message, suggestedValue, certainty: 'LIKELY' });
    return;
  }
  if (!mayHaveNumber && !mayHaveCode) return;
  if (saysWholeAddress(address, line)) {
    const message = 'The address line 1 ends in the locality and postal code once more.';
    report({ ...found, message, suggestedValue: null });
    return;
  }
  const street = streetWithoutNumber(address, line);
  if (street === null) return;
  const message = 'The address line 1 has the street number once more.';
  report({ ...found, message, suggestedValue: street, certainty: 'LIKELY' });
}

function judgeLine2(address: Address, value: string, report: Report): void {
  const repeated = repeatedInLine2(address, value);
  if (repeated === null) return;
  report({
    field: 'addressLine2',
    message: `The address line 2 repeats ${repeated.what}.`,
    currentValue: value,
    suggestedValue: '',
    ...(repeated.isCertain ? {} : { certainty: 'LIKELY' }),
  });
}

function judgeLocality(address: Address, value: string, report: Report): void {
  const { postalCode, region } = address;
  const found = { field: 'locality', currentValue: value, certainty: 'LIKELY' } as const;
  if (postalCode !== null && value.includes(postalCode)) {
    const locality = localityWithoutPostalCode(address, cleanText(value));
    const message = 'The locality has the postal code once more.';
    if (locality === null) return;
    const name = localityWithoutRegion(address, locality) ?? locality;
    report({ ...found, message, suggestedValue: name });
  } else if (region !== null && value.includes(region)) {
    const locality = localityWithoutRegion(address, cleanText(value));
    const message = 'The locality has the region once more.';
    if (locality !== null) report({ ...found, message, suggestedValue: locality });
  }
}
