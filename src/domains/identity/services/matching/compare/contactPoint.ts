import type { RecordStore } from '../recordStore.ts';
import type { StringTable } from '../stringTable.ts';
import { type Compare, MISSING } from './comparator.ts';
import { seriesOf } from './series.ts';
import { TextComparer } from './textComparer.ts';

/** Levels of two mailboxes. */
export const EMAIL_LEVEL = { exact: 1, close: 2, sameLocalPart: 3, different: 4 } as const;

/** Levels of two phone numbers. */
export const PHONE_LEVEL = { exact: 1, close: 2, lastSeven: 3, different: 4 } as const;

/** Shorter local parts are one letter apart by chance: `jm@` and `jsm@`. */
const SHORTEST_WITH_TYPO = 5;

/**
 * Compares mailboxes; a local part alone counts where it is longer than three letters. Two that are
 * made of the names of their owners are the same or say nothing, as do two that are numbered
 * differently (`emp1001@` and `emp1002@`).
 */
export function compareEmails(store: RecordStore, field: number): Compare {
  const [email, localPart] = [store.column('email'), store.column('localPart')];
  const table = store.table('email');
  const texts = new TextComparer(table);
  const nearLevel = nearMailboxes(table);
  return (one, other, levels) => {
    const [mailbox, otherMailbox] = [email[one] ?? 0, email[other] ?? 0];
    levels[field] =
      mailbox === 0 || otherMailbox === 0
        ? MISSING
        : mailbox === otherMailbox
          ? EMAIL_LEVEL.exact
          : localPart[one] === 0 && localPart[other] === 0
            ? MISSING
            : texts.isOneEdit(mailbox, otherMailbox)
              ? nearLevel(mailbox, otherMailbox)
              : localPart[one] === localPart[other] && texts.length(localPart[one] ?? 0) > 3
                ? EMAIL_LEVEL.sameLocalPart
                : EMAIL_LEVEL.different;
  };
}

/** The level of two mailboxes that are one edit apart. */
function nearMailboxes(table: StringTable): (one: number, other: number) => number {
  const isOfSeries = seriesOf(table, (text) => text.lastIndexOf('@'));
  return (one, other) => {
    const [local, otherLocal] = [localOf(table.text(one)), localOf(table.text(other))];
    if (local === otherLocal) return EMAIL_LEVEL.close;
    if (withoutDigits(local) === withoutDigits(otherLocal)) return MISSING;
    if (Math.min(local.length, otherLocal.length) < SHORTEST_WITH_TYPO)
      return EMAIL_LEVEL.different;
    return isOfSeries(one) && isOfSeries(other) ? MISSING : EMAIL_LEVEL.close;
  };
}

function localOf(mailbox: string): string {
  return mailbox.slice(0, mailbox.lastIndexOf('@'));
}

function withoutDigits(text: string): string {
  return text.replace(/\d+/g, '');
}

/**
 * Compares the last nine digits of phone numbers. Two that differ in the last digit alone, or that
 * belong to a series, say nothing: an office has numbers that follow one another.
 */
export function comparePhones(store: RecordStore, field: number): Compare {
  const phone = store.column('phone');
  const table = store.table('phone');
  const texts = new TextComparer(table);
  const isOfSeries = seriesOf(table);
  const nearLevel = (one: number, other: number): number => {
    const length = texts.length(one);
    const isNext =
      length === texts.length(other) && texts.commonPrefix(one, other, length) === length - 1;
    return isNext || (isOfSeries(one) && isOfSeries(other)) ? MISSING : PHONE_LEVEL.close;
  };
  return (one, other, levels) => {
    const [digits, otherDigits] = [phone[one] ?? 0, phone[other] ?? 0];
    levels[field] =
      digits === 0 || otherDigits === 0
        ? MISSING
        : digits === otherDigits
          ? PHONE_LEVEL.exact
          : texts.isOneEdit(digits, otherDigits)
            ? nearLevel(digits, otherDigits)
            : haveSameEnd(texts, digits, otherDigits)
              ? PHONE_LEVEL.lastSeven
              : PHONE_LEVEL.different;
  };
}

function haveSameEnd(texts: TextComparer, one: number, other: number): boolean {
  if (texts.length(one) < 7 || texts.length(other) < 7) return false;
  for (let at = -1; at >= -7; at -= 1) {
    if (texts.unitAt(one, at) !== texts.unitAt(other, at)) return false;
  }
  return true;
}
