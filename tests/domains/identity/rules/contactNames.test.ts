import { describe, expect, it } from 'vitest';
import { contactKindMismatch } from '../../../../src/domains/identity/rules/contactKindMismatch.ts';
import { contactNameCase } from '../../../../src/domains/identity/rules/contactNameCase.ts';
import { contactNameImplausible } from '../../../../src/domains/identity/rules/contactNameImplausible.ts';
import { contactWith, findingsOf } from './ruleTesting.ts';

const organisation = (organisationName: string) =>
  contactWith({ kind: 'ORGANISATION', givenName: null, familyName: null, organisationName });

describe('contact.name.case', () => {
  const check = (familyName: string, country: string | null = 'US') =>
    findingsOf(contactNameCase, contactWith({ familyName, country }));

  it.each([
    ['Marlow'],
    ['McDonald'],
    ['de la Cruz'],
    ["O'Brien"],
    ['JR'],
    ['J.R.'],
    ['AJ'],
    ['JRR'],
    ['NG'],
    ['O'],
    ['e'],
    ['Smith III'],
    ['von'],
    ['李'],
    ['עמר'],
    ['გიორგი'],
    ['2Pac'],
  ])('is content with %j', (name) => {
    expect(check(name)).toEqual([]);
  });

  it.each([
    ['MARLOW', 'Marlow'],
    ['marlow', 'Marlow'],
    [' MARLOW', 'Marlow'],
    ['MCDONALD', 'McDonald'],
    ['MACHADO', 'Machado'],
    ["O'BRIEN", "O'Brien"],
    ["o'brien-marsh", "O'Brien-Marsh"],
    ['DE LA CRUZ', 'de la Cruz'],
    ['VAN DER BERG', 'van der Berg'],
    ['VAN', 'Van'],
    ['LE BLANC', 'Le Blanc'],
    ['SMITH III', 'Smith III'],
    ['TJ SMITH', 'TJ Smith'],
    ['ÖZIL', 'Özil'],
    ['ИВАНОВ', 'Иванов'],
    // Capitals have lost their accents, which nobody can tell.
    ['ΠΑΠΑΔΟΠΟΥΛΟΣ', null],
  ])('finds %j, and takes %j for likely', (name, suggestedValue) => {
    expect(check(name)).toMatchObject([
      { field: 'familyName', currentValue: name, suggestedValue, certainty: 'LIKELY' },
    ]);
  });

  it.each([
    ['YILMAZ', 'TR', 'Yılmaz'],
    ['ŞAHİN', 'US', 'Şahin'],
    ['YILDIZ ŞAHİN', null, 'Yıldız Şahin'],
    ['İPEK', 'DE', 'İpek'],
    ['I\u0307PEK', 'DE', 'İpek'],
    ['YILMAZ', 'DE', 'Yilmaz'],
    ['IJSBRANDS', 'NL', 'IJsbrands'],
  ])('writes %s of %s as %s', (name, country, suggestedValue) => {
    expect(check(name, country)).toMatchObject([{ suggestedValue }]);
  });

  it.each([
    ['IBM'],
    ['BASF SE'],
    ['DHL EXPRESS'],
    ['ALDI SÜD'],
    ['AT&T'],
    ['adidas'],
    ['booking.com'],
    ['eBay Inc.'],
    ['4711'],
  ])('takes %j for a name that a company has', (name) => {
    expect(findingsOf(contactNameCase, organisation(name))).toEqual([]);
  });

  it.each([
    ['NORTHGATE LOGISTICS LLC', 'Northgate Logistics LLC'],
    ['MÜLLER UND SÖHNE GMBH', 'Müller und Söhne GmbH'],
    ['İZMİR GIDA PAZARLAMA', 'İzmir Gıda Pazarlama'],
    ['ALDERBROOK GARAGES INC.', 'Alderbrook Garages Inc.'],
    ['bank of america', 'Bank of America'],
    ['acme ltd', 'Acme Ltd'],
    ['DARLENE MCGHEE FOUNDATION', 'Darlene McGhee Foundation'],
    // FCCH and NEW may be acronyms.
    ['ROBERTSON CENTER FCCH', null],
    ['NEW YORK BAKERIES', null],
  ])('finds the company %j, and takes %j for likely', (name, suggestedValue) => {
    expect(findingsOf(contactNameCase, organisation(name))).toMatchObject([
      { field: 'organisationName', suggestedValue, certainty: 'LIKELY' },
    ]);
  });

  it('leaves what is no name at all to the rules for that', () => {
    for (const text of ['unknown', 'xxx', 'ada@example.com', 'ACME BAKERIES LTD']) {
      expect(check(text)).toEqual([]);
    }
  });
});

describe('contact.kind.mismatch', () => {
  it.each([['Marlow'], ['Sas'], ['Sa'], ['Incorporated'], ['Maria Sas'], ['B.V.'], ['Spa']])(
    'takes %j for a person’s name',
    (familyName) => {
      expect(findingsOf(contactKindMismatch, contactWith({ familyName }))).toEqual([]);
    },
  );

  it.each([
    ['Fernhill Bakeries Ltd', 'Ltd'],
    ['Acme, Inc.', 'Inc'],
    ['LINDENAU WOHNBAU GMBH', 'GmbH'],
    ['Rossi S.r.l.', 'S.r.l'],
    ['LLC', 'LLC'],
    ['Muster GmbH & Co. KG', 'KG'],
    ['Inc.', 'Inc'],
  ])('finds the company’s form in %j', (familyName, form) => {
    expect(findingsOf(contactKindMismatch, contactWith({ familyName }))).toEqual([
      {
        field: 'familyName',
        message: `The family name ends in ${form}, as names of companies do: this may be an organisation.`,
        currentValue: familyName,
        suggestedValue: null,
      },
    ]);
  });

  it.each([
    ['Springfield', 'City Council', 'familyName', 'City Council'],
    ['Smith & Sons', 'Plumbing', 'familyName', 'Plumbing'],
    [null, 'University of Ohio', 'familyName', 'University'],
    ['Smith & Sons', null, 'givenName', '& Sons'],
    ['Bank of', 'Ohio', null, null],
    [null, 'Bank of Ohio', 'familyName', 'Bank of'],
    [null, 'Meier und Söhne', 'familyName', 'und Söhne'],
    [null, 'LINDENAU WOHNBAU', 'familyName', 'WOHNBAU'],
    ['Floyd', 'Council', null, null],
    ['Charlotte', 'Church', null, null],
    ['John & Mary', 'Smith', null, null],
    ['Lluís', 'Company', null, null],
    ['Ana', 'García Hospital', null, null],
    ['Anna', 'Holdingsworth', null, null],
    ['Simon', 'Stores-Meier', null, null],
    ['Group', null, null, null],
  ])('of %j and %j finds the %j with %j', (givenName, familyName, field, word) => {
    const found = findingsOf(contactKindMismatch, contactWith({ givenName, familyName }));
    expect(found.map((finding) => finding.field)).toEqual(field === null ? [] : [field]);
    if (word !== null) expect(found[0]?.message).toContain(`has “${word}” in it`);
  });

  it.each([
    ['Mr John Smith'],
    ['Mr. John A. Smith'],
    ['Dr. Maria Gonzalez'],
    ['Herr Jürgen Müller'],
    [' Frau Anna-Lena  Schmidt-Kühn'],
    ['Smith, John'],
    ['Smith, John A.'],
    ['García Márquez, Ana'],
  ])('finds the person %j in the name of an organisation', (name) => {
    expect(findingsOf(contactKindMismatch, organisation(name))).toEqual([
      {
        field: 'organisationName',
        message: 'The organisation name is written as a person’s name is: this may be a person.',
        currentValue: name,
        suggestedValue: null,
      },
    ]);
  });

  it.each([
    ['Robert Miller'],
    ['Dr. Oetker'],
    ['Dr. Martens AirWair Group'],
    ['Mr Clean Plumbing'],
    ['Mrs Fields Cookies'],
    ['Mr John Smith Ltd'],
    ['Ms. International'],
    ['Msgr Farrell School'],
    ['Holiday Inn, Austin'],
    ['Ernst, Young'],
    ['Baker, Smith, John'],
    ['Smith Plumbing, John'],
    ['Drake and Mary'],
    ['mr smith and sons'],
  ])('takes %j for the name of an organisation', (name) => {
    expect(findingsOf(contactKindMismatch, organisation(name))).toEqual([]);
  });

  it('says so once of two names, and never of a company that is an organisation', () => {
    const both = contactWith({ givenName: 'Acme Ltd', familyName: 'Acme Ltd' });
    expect(findingsOf(contactKindMismatch, both)).toHaveLength(1);
    expect(findingsOf(contactKindMismatch, organisation('Acme Ltd'))).toEqual([]);
  });
});

describe('contact.name.implausible', () => {
  it.each([
    ['Null'],
    ['Na'],
    ['Bar'],
    ['Testa'],
    ['Tester'],
    ['O'],
    ['III'],
    ['李'],
    ['Nguyễn'],
    ['J. R.'],
    ['2Pac'],
    ['  '],
  ])('takes %j for a person’s name', (familyName) => {
    expect(findingsOf(contactNameImplausible, contactWith({ familyName }))).toEqual([]);
  });

  it.each([
    ['n/a', 'is a placeholder'],
    ['UNKNOWN', 'is a placeholder'],
    [' Test ', 'is a placeholder'],
    ['xxx', 'is one letter over and over'],
    ['ada@example.com', 'holds an e-mail address'],
    ['Ada (ada@example.com)', 'holds an e-mail address'],
    ['www.example.com', 'holds a web address'],
    ['(312) 555-0142', 'holds a phone number'],
    ['.', 'has no letter'],
    ['1234', 'has no letter'],
    ['(none)', 'is a placeholder'],
    ['<unknown>', 'is a placeholder'],
    ['DELETE', 'is a placeholder'],
  ])('finds %j: it %s', (familyName, problem) => {
    expect(findingsOf(contactNameImplausible, contactWith({ familyName }))).toMatchObject([
      { field: 'familyName', message: `The family name ${problem}.`, suggestedValue: null },
    ]);
  });

  it.each([['4711'], ['3M'], ['1&1'], ['AAA'], ['Booking.com'], ['www.example.com'], ['@home']])(
    'takes %j for a company’s name',
    (name) => {
      expect(findingsOf(contactNameImplausible, organisation(name))).toEqual([]);
    },
  );

  it.each([['unknown'], ['312 555 0142'], ['https://example.com'], ['-'], ['info@example.com']])(
    'finds the company %j',
    (name) => {
      expect(findingsOf(contactNameImplausible, organisation(name))).toHaveLength(1);
    },
  );
});
