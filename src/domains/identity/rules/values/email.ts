import validator from 'validator';
import { cleanText } from './cleanText.ts';

/**
 * The everyday address, after the pattern of HTML's `input type="email"`, but narrower: what this
 * accepts validator accepts too, at a thirtieth of the time. The rest is left to validator.
 */
const EVERYDAY = /^[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9]+(?:-+[a-z0-9]+)*\.)+[a-z]{2,}$/i;

/** The longest local part, and one more than the longest label of a domain (RFC 5321, RFC 1035). */
const NO_PART_TOO_LONG = 64;

/** Whether a text is an e-mail address of the usual kind, with nothing to clean. */
export function isEverydayAddress(value: string): boolean {
  return value.length <= NO_PART_TOO_LONG && EVERYDAY.test(value);
}

/** Whether a cleaned text is one e-mail address: RFC 5322's syntax, with a domain that has a dot. */
export function isEmailAddress(value: string): boolean {
  if (isEverydayAddress(value)) return true;
  // The library takes 3 µs to miss the @, and throws on half a surrogate pair.
  if (!value.includes('@') || !value.isWellFormed()) return false;
  return validator.isEmail(value, { allow_utf8_local_part: true });
}

/** How the domains start whose addresses validator rewrites by more than their case. */
const REWRITTEN_DOMAIN =
  /@(?:gmail|googlemail|hotmail|icloud|live|me|msn|outlook|passport|rocketmail|ya|yahoo|yandex|ymail)\./i;

/**
 * The form in which e-mail addresses are compared: equal for all that lead to one mailbox, such as
 * `a.b+c@gmail.com` and `ab@googlemail.com`. Null for a text that is no address.
 */
export function mailboxOf(text: string): string | null {
  // What the library comes to, at a tenth of its time.
  if (isEverydayAddress(text) && !REWRITTEN_DOMAIN.test(text)) return text.toLowerCase();
  const address = cleanText(text);
  if (!isEmailAddress(address)) return null;
  const mailbox = validator.normalizeEmail(address);
  return mailbox === false ? null : mailbox;
}
