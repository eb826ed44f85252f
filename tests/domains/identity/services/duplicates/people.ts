/** A person like nobody else. */
export const ada = {
  givenName: 'Adelheid',
  familyName: 'Okonkwo-Marlow',
  birthDate: '1961-03-14',
  phone: '+13125550142',
  email: 'adelheid@example.com',
  streetNumber: '412',
  addressLine1: 'Wentworth Ave',
  locality: 'Chicago',
  region: 'IL',
  postalCode: '60616',
  country: 'US',
} as const;

/** The same person as a second clerk wrote her down. */
export const adaAgain = {
  ...ada,
  givenName: 'Adelhied',
  email: 'a.okonkwo@example.org',
  phone: null,
  addressLine1: 'Wentworth Avenue',
} as const;
