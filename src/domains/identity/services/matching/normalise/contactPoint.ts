import { foldText } from './text.ts';

/**
 * A mailbox as it is compared: lower case, without a tag (`ada+news@`), and without the dots that
 * Gmail ignores. It is a key and never a suggestion.
 */
export function normaliseEmail(text: string | null | undefined): string {
  if (text === null || text === undefined) return '';
  const lower = text.trim().toLowerCase();
  const at = lower.lastIndexOf('@');
  if (at < 1 || at === lower.length - 1) return '';
  const plus = lower.indexOf('+');
  const local = plus > 0 && plus < at ? lower.slice(0, plus) : lower.slice(0, at);
  const domain = lower.slice(at + 1);
  const isGmail = domain === 'gmail.com' || domain === 'googlemail.com';
  return isGmail ? `${local.replaceAll('.', '')}@gmail.com` : `${local}@${domain}`;
}

/**
 * The part of a mailbox before the @; empty where it is made of the names of its owner, as in
 * `ada.marlow2@`: of namesakes it says nothing that their names don't.
 */
export function ownLocalPart(email: string, given: string, family: string): string {
  const local = email.slice(0, Math.max(0, email.lastIndexOf('@')));
  const letters = foldText(local).replace(/[\d ]+/g, '');
  const [first, last] = [given.replaceAll(' ', ''), family.replaceAll(' ', '')];
  const isMadeOfNames =
    letters.length > 0 &&
    [first, first.slice(0, 1), ''].some((one) =>
      [last, last.slice(0, 1), ''].some(
        (other) => letters === one + other || letters === other + one,
      ),
    );
  return isMadeOfNames ? '' : local;
}

/** Nine digits tell subscribers apart, and are the same in E.164 and in national form. */
const SIGNIFICANT_DIGITS = 9;
const FEWEST_DIGITS = 6;

/** An extension stands behind a number: `Fax: 555 0123` and `#555 0123` have none. */
const WITH_EXTENSION = /^((?:\D*\d){6,}?\D*?)(?:ext|x|#)/i;

/**
 * The last nine digits of a phone number: with and without country code or trunk prefix, a number
 * comes to the same ones, whatever its country, and without metadata.
 */
export function normalisePhone(text: string | null | undefined): string {
  if (text === null || text === undefined) return '';
  const digits = digitsOf(WITH_EXTENSION.exec(text)?.[1] ?? text);
  return digits.length < FEWEST_DIGITS ? '' : digits.slice(-SIGNIFICANT_DIGITS);
}

function digitsOf(text: string): string {
  return text.replace(/\D+/g, '');
}
