import { describe, expect, it } from 'vitest';
import {
  contactAddressDoubled,
  siteAddressDoubled,
} from '../../../../src/domains/identity/rules/addressDoubled.ts';
import type { Address } from '../../../../src/domains/identity/rules/entities.ts';
import { contactWith, findingsOf, siteWith } from './ruleTesting.ts';

const check = (address: Partial<Address>) =>
  findingsOf(contactAddressDoubled, contactWith(address));

describe('contact.address.doubled', () => {
  it.each([
    [{ addressLine2: 'Suite 110' }],
    [{ addressLine2: '' }],
    [{ addressLine2: 'North Ogden' }],
    [{ addressLine1: 'Oberdorf', locality: 'Oberdorf' }],
    [{ streetNumber: '12', addressLine1: '12th Street' }],
    [{ streetNumber: '12', addressLine1: '12 Mile Road' }],
    [{ streetNumber: '5', addressLine1: '5 de Mayo' }],
    [{ streetNumber: '66', addressLine1: 'Route 66' }],
    [{ streetNumber: '12', addressLine1: 'County Road 12' }],
    [{ streetNumber: 'A', addressLine1: 'A Street' }],
    [{ streetNumber: '1', addressLine1: '1' }],
    [{ locality: 'Paris 16', postalCode: '75016' }],
    [{ locality: '60607' }],
    [{ addressLine1: 'Walla Walla' }],
    [{ addressLine1: '12 Main Street 12 Main Streets' }],
    [{ addressLine2: '1 South Ogden Ave' }],
    [{ locality: 'Oklahoma City', region: 'Oklahoma' }],
    [{ locality: 'New York', region: 'New York' }],
    [{ locality: 'Chicago Illinois', region: 'Illinois' }],
  ])('is content with %j', (address) => {
    expect(check(address)).toEqual([]);
  });

  it.each([
    [{ addressLine2: '1 North Ogden Avenue' }, 'the address line 1'],
    [{ addressLine2: '1 north ogden avenue.' }, 'the address line 1'],
    [
      { streetNumber: '12', addressLine1: 'Elm Street', addressLine2: '12 Elm Street' },
      'the street and its number',
    ],
    [
      { streetNumber: '12', addressLine1: 'Lindenweg', addressLine2: 'Lindenweg 12' },
      'the street and its number',
    ],
  ])('is certain that the second line of %j can go', (address, what) => {
    expect(check(address)).toEqual([
      {
        field: 'addressLine2',
        message: `The address line 2 repeats ${what}.`,
        currentValue: address.addressLine2,
        suggestedValue: '',
      },
    ]);
  });

  it.each([
    ['addressLine2', 'Chicago', '', {}],
    ['addressLine2', '60607', '', {}],
    ['addressLine2', '1 N. Ogden Ave.', '', {}],
    ['addressLine2', 'Lindenstr. 12', '', { addressLine1: 'Lindenstraße 12' }],
    ['addressLine1', '12 Main Street 12 Main Street', '12 Main Street', {}],
    ['addressLine1', 'Lindenweg 5, Lindenweg 5', 'Lindenweg 5', {}],
    ['locality', 'Columbus OH', 'Columbus', { region: 'OH' }],
    ['locality', 'Chicago IL 60607', 'Chicago', {}],
    ['addressLine1', '12 Elm Street, 12 Elm Street', 'Elm Street', { streetNumber: '12' }],
    ['locality', 'Columbus, Ohio', 'Columbus', { region: 'Ohio' }],
    ['addressLine2', 'Chicago, IL 60607', '', {}],
    ['addressLine1', '12 Elm Street', 'Elm Street', { streetNumber: '12' }],
    ['addressLine1', 'Lindenweg 12', 'Lindenweg', { streetNumber: '12' }],
    ['locality', '60607 Chicago', 'Chicago', {}],
    ['locality', 'Chicago, 60607', 'Chicago', {}],
  ])('finds the %s %j, and takes %j for likely', (field, value, suggestedValue, others) => {
    expect(check({ ...others, [field]: value })).toMatchObject([
      { field, currentValue: value, suggestedValue, certainty: 'LIKELY' },
    ]);
  });

  it('finds a whole address in the first line, and leaves it to people to take apart', () => {
    const addressLine1 = '1 North Ogden Avenue, Chicago, IL 60607';
    expect(check({ addressLine1 })).toMatchObject([
      { field: 'addressLine1', suggestedValue: null },
    ]);
  });
});

it('site.address.doubled judges a site’s address the same way', () => {
  const site = siteWith({ addressLine2: '1 North Ogden Avenue' });
  expect(findingsOf(siteAddressDoubled, site)).toHaveLength(1);
});
