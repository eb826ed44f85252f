/**
 * Words that companies, authorities and clubs have in their names, and people don't. None that is a
 * family name too, such as Church, Coffee, Council, Company, Hospital or Kitchens.
 */
const WORDS =
  `academy agency apotheke association associates autohaus bakeries bakery bäckerei boutique brewery
  catering cleaners clinic construction consultancy consulting contractors corporation
  department distributors electrical electronics engineering enterprises foundation foundry
  gmbh group gymnasium hauling heating holdings hvac industries institut institute
  insurance kindergarten laboratories landscaping laundromat llc locksmiths
  logistics ltd ministry mortgage motors movers outfitters pediatrics petroleum pharmacie pharmacy
  pizzeria plumbing properties realtors realty remodeling rentals restaurant restaurante ristorante
  roofing schreinerei sécurité services société software solutions spedition stadtwerke
  stores studios supermarket supplies systems technologies telecom tiefbau toyshop trucking
  universidad universitat universität université university upholstery veterinary warehousing
  werkstatt wholesale wohnbau workshop`.split(/\s+/);

/** Words that follow the names of partners and families in those of companies. */
const PARTNERS = 'associates|brothers|co|company|daughters?|fils|hijos|partners?|söhne|sohn|sons?';

const OFFICES = 'bank|board|church|city|college|county|diocese|embassy|friends|office|school|town';

const COUNCILS = 'borough|city|community|county|district|parish|student|town|village';

const COMPANY = new RegExp(
  [
    `(?<![\\p{L}\\p{M}’'-])(?:${WORDS.join('|')})(?![\\p{L}\\p{M}’'-])`,
    ` ?& ?(?:${PARTNERS})\\b`,
    ` (?:and|und) (?:brothers|daughters|sons|söhne)\\b`,
    `^(?:the )?(?:${OFFICES}) of `,
    `\\b(?:${COUNCILS}) council\\b`,
  ].join('|'),
  'iu',
);

/** Most names are one word; of shorter ones than this none is looked at any closer. */
const LEAST_LETTERS = 7;

/** What only companies have in their names, as it stands in a cleaned name; null where there is nothing. */
export function companyWordIn(name: string): string | null {
  if (name.length < LEAST_LETTERS && !name.includes(' ') && !name.includes('&')) return null;
  return COMPANY.exec(name)?.[0].trim() ?? null;
}
