import { describe, expect, it } from 'vitest';
import type { SiteFields } from '../../../../src/domains/identity/rules/entities.ts';
import { siteRecommended } from '../../../../src/domains/identity/rules/siteRecommended.ts';
import { findingsOf, inCountry, siteWith } from './ruleTesting.ts';

const fieldsMissed = (fields: Partial<SiteFields>, defaultCountry: string | null = null) =>
  findingsOf(siteRecommended, siteWith(fields), inCountry(defaultCountry)).map(
    ({ field }) => field,
  );

describe('site.recommended', () => {
  it.each<[Partial<SiteFields>, string | null]>([
    [{}, null],
    [{ country: null }, 'US'],
    [{ locality: null }, null],
    [{ postalCode: null }, null],
    [{ locality: null, postalCode: null, latitude: 41.9, longitude: -87.6 }, null],
    [{ addressLine1: null, locality: null, postalCode: null }, null],
  ])('misses nothing in %j of a workspace in %j', (fields, defaultCountry) => {
    expect(fieldsMissed(fields, defaultCountry)).toEqual([]);
  });

  it('misses a country that nothing tells', () => {
    expect(fieldsMissed({ country: null })).toEqual(['country']);
    expect(fieldsMissed({ country: ' ' })).toEqual(['country']);
  });

  it('misses the town of a street, once', () => {
    expect(fieldsMissed({ locality: ' ', postalCode: null })).toEqual(['locality']);
  });
});
