import type { RecordStore } from '../recordStore.ts';
import { type Compare, MISSING } from './comparator.ts';
import { TextComparer } from './textComparer.ts';

/** Levels of two mailboxes. */
export const EMAIL_LEVEL = { exact: 1, close: 2, sameLocalPart: 3, different: 4 } as const;

/** Levels of two phone numbers. */
export const PHONE_LEVEL = { exact: 1, close: 2, lastSeven: 3, different: 4 } as const;

/**
 * Compares mailboxes; a local part alone counts where it is longer than three letters. Two that are
 * made of the names of their owners are the same or say nothing.
 */
export function compareEmails(store: RecordStore, field: number): Compare {
  const [email, localPart] = [store.column('email'), store.column('localPart')];
  const texts = new TextComparer(store.table('email'));
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
              ? EMAIL_LEVEL.close
              : localPart[one] === localPart[other] && texts.length(localPart[one] ?? 0) > 3
                ? EMAIL_LEVEL.sameLocalPart
                : EMAIL_LEVEL.different;
  };
}

/** Compares the last nine digits of phone numbers. */
export function comparePhones(store: RecordStore, field: number): Compare {
  const phone = store.column('phone');
  const texts = new TextComparer(store.table('phone'));
  return (one, other, levels) => {
    const [digits, otherDigits] = [phone[one] ?? 0, phone[other] ?? 0];
    levels[field] =
      digits === 0 || otherDigits === 0
        ? MISSING
        : digits === otherDigits
          ? PHONE_LEVEL.exact
          : texts.isOneEdit(digits, otherDigits)
            ? PHONE_LEVEL.close
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
