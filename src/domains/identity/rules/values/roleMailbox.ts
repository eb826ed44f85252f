/** The role of mailboxes that nobody reads. */
export const UNREAD = 'noreply';

/**
 * RFC 2142's mailbox names for roles, and what companies use beside them, in the languages of many
 * users. None that is a common name of people, such as `mark` or `will`.
 */
const ROLES: ReadonlySet<string> = new Set(
  `abuse accounting accounts accountspayable accountsreceivable admin administration administrator
  all ap ar billing booking bookings bookkeeping careers customercare customerservice
  customersupport dispatch enquiries enquiry everyone feedback finance frontdesk hello help
  helpdesk hostmaster hr inbox info information inquiries inquiry invoice invoices it itsupport jobs
  legal mailerdaemon marketing media noc noreply office operations orders payroll personnel
  postmaster press privacy purchasing reception recruiting recruitment reservations root sales
  security service services staff support sysadmin team techsupport webmaster welcome
  anfrage bestellung bewerbung buchhaltung buero einkauf empfang kontakt kundenservice rechnung
  sekretariat verkauf vertrieb verwaltung
  accueil commercial compta comptabilite secretariat
  administracion contabilidad contacto facturacion pedidos ventas
  amministrazione informazioni ordini segreteria vendite
  administratie boekhouding inkoop receptie verkoop
  contact`.split(/\s+/),
);

/** Longer spellings of `noreply`. */
const NO_REPLY = /^do?not?reply$/;

const SEPARATORS = /[-._]/g;

/** With separators, which most local parts do not have: this is tried on every address. */
const LONGEST_ROLE = 24;

/** Letters, and the small number that further mailboxes of a role have after them, as in `info2`. */
const LETTERS_WITH_SEPARATORS = /^ ?[a-z]+(?:[-._][a-z]+)*(?:[-._]?[01]?\d)?$/i;

/** Roles with fewer letters are initials of people, who have numbers after them as well. */
const LEAST_LETTERS_BEFORE_NUMBER = 4;

const NUMBER = /\d+$/;

/** The role whose mailbox an address is, as `noreply` for `no-reply@example.com`. */
export function roleOf(email: string): string | undefined {
  const at = email.indexOf('@');
  const plus = email.indexOf('+');
  // What follows a plus is the tag of a subaddress (RFC 5233), as in `sales+us`.
  const end = plus > 0 && plus < at ? plus : at;
  if (end < 0 || end > LONGEST_ROLE) return undefined;
  const local = email.slice(0, end);
  if (!LETTERS_WITH_SEPARATORS.test(local)) return undefined;
  const key = local.trim().toLowerCase().replace(SEPARATORS, '');
  const role = key.replace(NUMBER, '');
  if (role !== key && role.length < LEAST_LETTERS_BEFORE_NUMBER) return undefined;
  if (NO_REPLY.test(role)) return UNREAD;
  return ROLES.has(role) ? role : undefined;
}
