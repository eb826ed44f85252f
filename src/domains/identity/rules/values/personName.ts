import { companyWordIn } from './companyWords.ts';
import { legalFormOf } from './legalForm.ts';

/** Titles that people are addressed by. */
const TITLED =
  /^(?:mrs?|ms|miss|mx|dr|prof|herrn?|frau|mme|mlle|monsieur|madame|señora?|signora?|dhr|mevr)\b\.? (.+)$/iu;

/** Two words of letters, with one or two initials or another name between them. */
const TWO_WORDS =
  /^\p{Lu}[\p{L}\p{M}’'-]+ (?:(?:\p{Lu}\.? ){1,2}|\p{Lu}[\p{L}\p{M}’'-]+ )?\p{Lu}[\p{L}\p{M}’'-]+$/u;

/** Words of companies that are called after somebody: Mr Clean Express. */
const BRANDS =
  /\b(?:auto|bar|bike|burger|cafe|café|car|care|cars|clean|club|cookies|express|fitness|food|foods|home|house|music|shop|sports|store|tools?|und|and)\b/iu;

const FAMILY_AND_GIVEN =
  /^\p{Lu}[\p{L}\p{M}’'-]+(?: \p{Lu}[\p{L}\p{M}’'-]+)?, (\p{Lu}[\p{L}\p{M}-]+)(?: \p{Lu}(?:\.|[\p{L}\p{M}’'-]+)?)?$/u;

/**
 * Given names of many people in the United States and Europe (lists of the Social Security
 * Administration and of national statistics), without those that are also names of places or brands.
 */
const GIVEN_NAMES: ReadonlySet<string> = new Set(
  `aaron abigail adam ahmed alan albert alejandro alessandro alex alexander alice amanda amy ana
  andrea andreas andrew angela anja anna anne annette anthony antonio anton ashley barbara benjamin
  bernd betty birgit brandon brenda brian bruce carl carlos carmen carol carolyn catherine
  charlotte christian christina christine christopher claudia cornelia cynthia daniel david deborah
  debra dennis diana diane dieter donald donna dorothy douglas edward elena elizabeth emily emma
  eric erik ethan eugene evelyn fatima francesco frank frances françois gabriel gary george gerald
  gerhard giulia giuseppe gloria grace gregory günter hannah hans harold heather heike heidi helen
  helga henry ingrid isabelle jack jacob jacqueline jacques jakob james jan janet janice jason jean
  jeffrey jennifer jens jeremy jerry jessica joan joe johann johannes john jonathan jose joseph
  josé joshua joyce juan judith judy jürgen julia julie justin karen karin karl katharina
  katherine kathleen kathryn keith kelly kenneth kevin klaus kyle larry laura lauren lawrence linda
  lisa louis luca lukas luis manfred manuel marco margaret maria marie marilyn mark markus martha
  martin martina mary matthew matthias megan melissa michael michel michelle miguel mohamed mohammed
  monika muhammad nancy natalie nathan nicholas nicole noah olivia pamela patricia patrick paul
  peter petra philip philippe pierre rachel ralph raymond rebecca renate richard robert roger ronald
  roy russell ruth ryan sabine samantha samuel sandra sara sarah scott sean sharon shirley silvia
  simone sophia sophie stefan stefanie stephanie stephen steven susan susanne teresa theresa thomas
  timothy tyler uwe ursula vincent walter wayne william willie wolfgang zachary`.split(/\s+/),
);

/**
 * Whether a cleaned name is written as that of a person is, with a title (Mr John Smith) or the family
 * name first (Smith, John), and has nothing of a company's. `Robert Miller` may be one.
 */
export function isPersonName(name: string): boolean {
  const titled = TITLED.exec(name)?.[1];
  if (titled !== undefined) return TWO_WORDS.test(titled) && !isCompany(titled);
  if (!name.includes(', ')) return false;
  const given = FAMILY_AND_GIVEN.exec(name)?.[1];
  return given !== undefined && GIVEN_NAMES.has(given.toLowerCase()) && !isCompany(name);
}

function isCompany(name: string): boolean {
  const last = name.slice(name.lastIndexOf(' ') + 1);
  return BRANDS.test(name) || companyWordIn(name) !== null || legalFormOf(last, true) !== null;
}
