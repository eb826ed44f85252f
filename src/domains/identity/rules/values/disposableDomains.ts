import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/**
 * On the list, but none of what it is about: a mail provider of millions, and services whose aliases
 * last for as long as their users want.
 */
const LASTING: ReadonlySet<string> = new Set([
  '21cn.com',
  '33mail.com',
  'anonaddy.com',
  'anonaddy.me',
]);

const require = createRequire(import.meta.url);

interface DomainList {
  /** The text of the file. */
  readonly text: Buffer;
  /** Where its quotes are: each domain is between one at an even place and the next. */
  readonly quotes: Int32Array;
}

/**
 * The list of disposable-email-domains as its file has it: 120,000 domains in 3.5 MB outside of
 * V8's heap, where an array of them would take 15. Read when it is first asked for.
 */
let list: DomainList | null = null;

/** Domains that give out their subdomains. */
let parents: ReadonlySet<string> | null = null;

/** Whether a domain in lower case belongs to a provider of throw-away addresses. */
export function isDisposableDomain(domain: string): boolean {
  if (LASTING.has(domain) || !domain.includes('.')) return false;
  list ??= readList();
  return isListed(list, domain) || hasListedParent(domain);
}

function hasListedParent(domain: string): boolean {
  parents ??= new Set<string>(require('disposable-email-domains/wildcard.json'));
  const labels = domain.split('.');
  return labels.some((_label, index) => {
    const parent = labels.slice(index).join('.');
    return !LASTING.has(parent) && parents?.has(parent) === true;
  });
}

const QUOTE = 0x22;

function readList(): DomainList {
  const text = readFileSync(require.resolve('disposable-email-domains/index.json'));
  const quotes: number[] = [];
  for (let at = 0; at < text.length; at += 1) if (text[at] === QUOTE) quotes.push(at);
  return { text, quotes: Int32Array.from(quotes) };
}

/** Looks a domain up in the list, which is sorted, by halving it. */
function isListed({ text, quotes }: DomainList, domain: string): boolean {
  const sought = Buffer.from(domain);
  let [from, to] = [0, quotes.length / 2];
  while (from < to) {
    const middle = (from + to) >> 1;
    const start = (quotes[2 * middle] ?? 0) + 1;
    const order = text.compare(sought, 0, sought.length, start, quotes[2 * middle + 1]);
    if (order === 0) return true;
    if (order < 0) from = middle + 1;
    else to = middle;
  }
  return false;
}
