import type { Language } from './demoNames.ts';

/** A city of the demo workspace. In its patterns `#` stands for a digit, `@` for a letter. */
export interface DemoPlace {
  readonly locality: string;
  readonly region: string | null;
  readonly postalCode: string;
  readonly phone: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly timeZone: string;
}

export interface DemoCountry {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  readonly languages: readonly Language[];
  /** How many of a hundred contacts live here. */
  readonly weight: number;
  readonly streets: readonly string[];
  readonly places: readonly DemoPlace[];
}

type Row = readonly [
  locality: string,
  region: string | null,
  postalCode: string,
  phone: string,
  latitude: number,
  longitude: number,
];

const inTimeZone = (timeZone: string, rows: readonly Row[]): DemoPlace[] =>
  rows.map(([locality, region, postalCode, phone, latitude, longitude]) => {
    return { locality, region, postalCode, phone, latitude, longitude, timeZone };
  });

const list = (text: string): readonly string[] => text.trim().split(/\s*,\s*/);

const AMERICAN_STREETS = list(`
  Alder Street, Birch Avenue, Canal Street, Cedar Lane, Depot Road, Elm Street, Foundry Avenue,
  Harbor Drive, Hillcrest Road, Juniper Court, Lakeview Drive, Magnolia Avenue, Mill Street,
  North Orchard Road, Pearl Street, Quarry Road, Railroad Avenue, South Prairie Avenue,
  Sycamore Street, West Granite Street
`);

/**
 * Phone numbers come from the ranges that countries keep for films and books, so that nobody is
 * ever called: 555-01xx of the North American plan, Ofcom's and the Bundesnetzagentur's for drama,
 * ARCEP's for audiovisual works. The Netherlands and Switzerland have none: there the subscriber's
 * part starts with 0, which is never assigned.
 */
export const DEMO_COUNTRIES: readonly DemoCountry[] = [
  {
    code: 'US',
    languages: ['en'],
    weight: 44,
    streets: AMERICAN_STREETS,
    places: [
      ...inTimeZone('America/New_York', [
        ['New York', 'NY', '100##', '+121255501##', 40.7306, -73.9866],
        ['Boston', 'MA', '021##', '+161755501##', 42.3554, -71.0605],
        ['Atlanta', 'GA', '303##', '+140455501##', 33.749, -84.388],
        ['Columbus', 'OH', '432##', '+161455501##', 39.9612, -82.9988],
      ]),
      ...inTimeZone('America/Chicago', [
        ['Chicago', 'IL', '606##', '+131255501##', 41.8757, -87.6244],
        ['Minneapolis', 'MN', '554##', '+161255501##', 44.9778, -93.265],
        ['Austin', 'TX', '787##-####', '+151255501##', 30.2711, -97.7437],
      ]),
      ...inTimeZone('America/Denver', [
        ['Denver', 'CO', '802##', '+130355501##', 39.7392, -104.9848],
        ['Albuquerque', 'NM', '871##', '+150555501##', 35.0841, -106.651],
      ]),
      ...inTimeZone('America/Los_Angeles', [
        ['Seattle', 'WA', '981##', '+120655501##', 47.6038, -122.3301],
        ['Portland', 'OR', '972##', '+150355501##', 45.5202, -122.6742],
        ['San Francisco', 'CA', '941##', '+141555501##', 37.779, -122.4199],
      ]),
    ],
  },
  {
    code: 'CA',
    languages: ['en', 'fr'],
    weight: 6,
    streets: AMERICAN_STREETS,
    places: [
      ...inTimeZone('America/Toronto', [
        ['Toronto', 'ON', 'M5@ #@#', '+141655501##', 43.6535, -79.3839],
        ['Montréal', 'QC', 'H2@ #@#', '+151455501##', 45.5032, -73.5698],
      ]),
      ...inTimeZone('America/Vancouver', [
        ['Vancouver', 'BC', 'V6@ #@#', '+160455501##', 49.2609, -123.1139],
      ]),
    ],
  },
  {
    code: 'GB',
    languages: ['en'],
    weight: 16,
    streets: list(`
      Abbey Road, Brewery Lane, Castle Street, Church Row, Dovecote Lane, Friar Street,
      Gasworks Road, High Street, Kiln Close, Mill Lane, Orchard Terrace, Priory Walk,
      Queen Street, Station Road, Tannery Yard, Victoria Parade
    `),
    places: inTimeZone('Europe/London', [
      ['London', null, 'SE# #@@', '+442079460###', 51.5074, -0.1278],
      ['Manchester', null, 'M# #@@', '+441614960###', 53.4795, -2.2451],
      ['Leeds', null, 'LS# #@@', '+441134960###', 53.7974, -1.5438],
      ['Bristol', null, 'BS# #@@', '+441174960###', 51.4538, -2.5973],
      ['Edinburgh', null, 'EH# #@@', '+441314960###', 55.9533, -3.1884],
    ]),
  },
  {
    code: 'DE',
    languages: ['de'],
    weight: 14,
    streets: list(`
      Ahornweg, Am Alten Markt, Bahnhofstraße, Birkenallee, Brückenstraße, Dorfplatz,
      Gartenstraße, Hafenkai, Kirchgasse, Königsallee, Lindenstraße, Mühlenweg, Rathausplatz,
      Schillerstraße, Uferpromenade, Ziegeleistraße
    `),
    places: inTimeZone('Europe/Berlin', [
      ['Berlin', null, '10###', '+493023125###', 52.5173, 13.3889],
      ['Hamburg', null, '20###', '+494066969###', 53.5503, 10.0007],
      ['Frankfurt am Main', 'Hessen', '60###', '+496990009###', 50.1106, 8.6821],
      ['Köln', 'Nordrhein-Westfalen', '50###', '+492214710###', 50.9384, 6.96],
      ['München', 'Bayern', '80###', '+498999998###', 48.1371, 11.5754],
    ]),
  },
  {
    code: 'FR',
    languages: ['fr'],
    weight: 9,
    streets: list(`
      allée des Platanes, avenue de la Gare, boulevard Carnot, chemin du Moulin,
      impasse des Lilas, place du Marché, quai des Tanneurs, rue de l'Église, rue des Forges,
      rue du Puits, rue Haute, sentier des Vignes
    `),
    places: inTimeZone('Europe/Paris', [
      ['Paris', null, '750##', '+3319900####', 48.8589, 2.3201],
      ['Nantes', null, '440##', '+3326191####', 47.2186, -1.5541],
      ['Strasbourg', null, '670##', '+3335301####', 48.5846, 7.7507],
      ['Lyon', null, '690##', '+3346571####', 45.7578, 4.832],
      ['Toulouse', null, '310##', '+3353649####', 43.6045, 1.4442],
    ]),
  },
  {
    code: 'NL',
    languages: ['nl'],
    weight: 6,
    streets: list(`
      Achterweg, Beukenlaan, Dorpsstraat, Eendrachtskade, Grachtstraat, Havenweg, Kerkplein,
      Korenmolen, Lindelaan, Noordersingel, Spoorstraat, Wilgenhof
    `),
    places: inTimeZone('Europe/Amsterdam', [
      ['Amsterdam', null, '10## @@', '+31200######', 52.3731, 4.8924],
      ['Rotterdam', null, '30## @@', '+31100######', 51.9244, 4.4777],
      ['Den Haag', null, '25## @@', '+31700######', 52.0799, 4.3113],
    ]),
  },
  {
    code: 'CH',
    languages: ['de', 'fr'],
    weight: 5,
    streets: list(`
      Bahnhofweg, Chemin des Vignes, Dorfstrasse, Hofgasse, Quai du Lac, Rebbergstrasse,
      Rue du Four, Seestrasse, Sonnenrain, Wiesenweg
    `),
    places: inTimeZone('Europe/Zurich', [
      ['Zürich', 'ZH', '80##', '+41440######', 47.3744, 8.541],
      ['Bern', 'BE', '30##', '+41310######', 46.9484, 7.4522],
      ['Lausanne', 'VD', '10##', '+41210######', 46.5218, 6.6327],
    ]),
  },
];
