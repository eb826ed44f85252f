import { type DateOrder, tellingOrder } from '../../profiles/formats/dates.ts';
import {
  type DecimalSeparator,
  FORMATTED_FIELDS,
  type ValueFormats,
} from '../../profiles/formats/valueFormats.ts';

/** Somebody said so, now or before; a file's first values tell; else what is usual in the country, or in most. */
export type DecisionReason = 'ASKED' | 'SAVED' | 'VALUES' | 'COUNTRY' | 'DEFAULT';

/** How something about a file was decided. */
export interface Decision<T> {
  readonly value: T;
  readonly reason: DecisionReason;
  /** A value that told, where values did. */
  readonly example: string | null;
}

/** What is known of how a file writes something. */
export interface Known<T> {
  readonly asked: T | null;
  readonly saved: T | null;
  /** ISO 3166-1 alpha-2 of the workspace. */
  readonly country: string | null;
}

type RawRow = Readonly<Record<string, unknown>>;

/** @param rows - the first of a file */
export function decideDateOrder(
  rows: readonly RawRow[],
  { asked, saved, country }: Known<DateOrder>,
): Decision<DateOrder> {
  if (asked !== null) return { value: asked, reason: 'ASKED', example: null };
  if (saved !== null) return { value: saved, reason: 'SAVED', example: null };
  const votes = countVotes(textsOf(rows, 'dates'), tellingOrder);
  const usual = country === null ? 'DMY' : dateOrderOf(country);
  // With the year first, a date reads the same in each order.
  const told =
    votes.most(usual === 'MDY' ? ['MDY', 'DMY'] : ['DMY', 'MDY']) ?? votes.most(['DOTS', 'YMD']);
  if (told !== null) {
    const value = told.vote === 'DOTS' ? 'DMY' : told.vote;
    return { value, reason: 'VALUES', example: told.example };
  }
  return { value: usual, reason: country === null ? 'DEFAULT' : 'COUNTRY', example: null };
}

/** @param rows - the first of a file */
export function decideDecimalSeparator(
  rows: readonly RawRow[],
  { asked, saved, country }: Known<DecimalSeparator>,
): Decision<DecimalSeparator> {
  if (asked !== null) return { value: asked, reason: 'ASKED', example: null };
  if (saved !== null) return { value: saved, reason: 'SAVED', example: null };
  const votes = countVotes(textsOf(rows, 'numbers'), tellingSeparator);
  const told = votes.most(['.', ',']);
  if (told !== null) return { value: told.vote, reason: 'VALUES', example: told.example };
  if (country === null) return { value: '.', reason: 'DEFAULT', example: null };
  return { value: decimalSeparatorOf(country), reason: 'COUNTRY', example: null };
}

function tellingSeparator(text: string): DecimalSeparator | null {
  const [, separator] = /^[+-]?\d+([.,])\d+(?:e-?\d+)?$/i.exec(text.trim()) ?? [];
  return separator === '.' || separator === ',' ? separator : null;
}

function textsOf(rows: readonly RawRow[], kind: 'dates' | 'numbers'): readonly string[] {
  const fields = Object.values(FORMATTED_FIELDS).flatMap((ofType) => ofType[kind]);
  return rows.flatMap((row) =>
    fields.flatMap((field) => {
      const value = row[field];
      return typeof value === 'string' ? value : [];
    }),
  );
}

function countVotes<V extends string>(
  texts: readonly string[],
  voteOf: (text: string) => V | null,
) {
  const votes = new Map<V, { count: number; readonly example: string }>();
  for (const text of texts) {
    const vote = voteOf(text);
    if (vote === null) continue;
    const known = votes.get(vote);
    if (known === undefined) votes.set(vote, { count: 1, example: text });
    else known.count += 1;
  }
  return {
    /** Of several with as many votes, the first one named. */
    most(among: readonly V[]): { readonly vote: V; readonly example: string } | null {
      const [best] = among
        .flatMap((vote) => {
          const known = votes.get(vote);
          return known === undefined ? [] : [{ vote, ...known }];
        })
        .toSorted((a, b) => b.count - a.count);
      return best === undefined ? null : { vote: best.vote, example: best.example };
    },
  };
}

/**
 * The language that most people of a country read, as CLDR has it. Without the script, with which
 * `en-Latn-GB` is not found, and English as in the USA is taken for it.
 */
function localeOf(country: string): string {
  const { language } = new Intl.Locale(`und-${country}`).maximize();
  return `${language}-${country}`;
}

/**
 * How short dates are written in a country, as CLDR has it.
 *
 * @param country - ISO 3166-1 alpha-2
 */
export function dateOrderOf(country: string): DateOrder {
  const format = new Intl.DateTimeFormat(localeOf(country), {
    dateStyle: 'short',
    calendar: 'gregory',
    timeZone: 'UTC',
  });
  const [first] = format
    .formatToParts(new Date(0))
    .filter(({ type }) => type === 'year' || type === 'month' || type === 'day');
  if (first?.type === 'year') return 'YMD';
  return first?.type === 'month' ? 'MDY' : 'DMY';
}

/**
 * How numbers are written in a country, as CLDR has it.
 *
 * @param country - ISO 3166-1 alpha-2
 */
export function decimalSeparatorOf(country: string): DecimalSeparator {
  const parts = new Intl.NumberFormat(localeOf(country)).formatToParts(1.5);
  return parts.find(({ type }) => type === 'decimal')?.value === ',' ? ',' : '.';
}

/** What was decided, as rows are read by it. */
export function formatsOf(decided: {
  readonly dateOrder: Decision<DateOrder>;
  readonly decimalSeparator: Decision<DecimalSeparator>;
}): ValueFormats {
  return {
    dateOrder: decided.dateOrder.value,
    decimalSeparator: decided.decimalSeparator.value,
  };
}
