/**
 * What companies call themselves in law and few people are called, in the usual spelling. Forms that
 * are surnames too (Sas, Sa, Ag, Bv, Oy) or other words (Spa) are not among them.
 */
const FORMS = `
  GmbH gGmbH GbR OHG LLC L.L.C LLP Ltd Ltda Limited Inc Incorporated Corp Corporation PLC SARL EURL
  S.A.R.L Oyj ApS Kft Zrt S.p.A S.r.l S.r.o d.o.o`;

/** Forms that only tell something at the end of a company's name; people are called so too. */
const SHORT_FORMS = 'AB AG AS BV KG NV OY SA SAS SE UG B.V N.V S.A';

const formByKey = keyForms(FORMS);
const anyFormByKey = new Map([...formByKey, ...keyForms(SHORT_FORMS)]);

/** The forms that are enough as the only word of a name: nobody is called so. */
const ALONE = /^(?:(?:g?gmbh|llc|ltd)[.,]?|inc\.)$/i;

/** A partnership whose partner is a company, such as `GmbH & Co. KG`. */
const PARTNERSHIP = / co\.? (kg|ohg)$/i;

function keyForms(forms: string): ReadonlyMap<string, string> {
  return new Map(
    forms
      .trim()
      .split(/\s+/)
      .map((form) => [form.toLowerCase(), form]),
  );
}

function keyOf(word: string): string {
  return word.toLowerCase().replace(/[.,]$/, '');
}

/**
 * The company's form that a cleaned name of a person ends in, in its usual spelling; null where it
 * ends in none, or in what may be a name.
 */
export function legalFormAtEnd(name: string): string | null {
  const space = name.lastIndexOf(' ');
  if (space < 0 && !ALONE.test(name)) return null;
  const form = formByKey.get(keyOf(name.slice(space + 1)));
  return form ?? PARTNERSHIP.exec(name)?.[1]?.toUpperCase() ?? null;
}

/** The usual spelling of a word of a company's name that is its form; null for another word. */
export function legalFormOf(word: string, isLast: boolean): string | null {
  const form = (isLast ? anyFormByKey : formByKey).get(keyOf(word));
  return form === undefined ? null : form + (/[.,]$/.exec(word)?.[0] ?? '');
}
