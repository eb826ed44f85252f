import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { makerWords } from './makerName.ts';

/** A company to which the IEEE has assigned blocks of hardware addresses. */
export interface BlockHolder {
  /** As it is registered. */
  readonly name: string;
  readonly words: readonly string[];
}

interface Registry {
  /** First three octets of the blocks, in ascending order. */
  readonly prefixes: Uint32Array;
  /** For each of the prefixes, the index of its holder. */
  readonly holderOf: Uint16Array;
  readonly holders: readonly BlockHolder[];
  /** The words, joined by spaces, of those who hold blocks. */
  readonly keys: ReadonlySet<string>;
}

/** Those with fewer blocks are often resellers, or sell what others build: nothing follows from them. */
const FEWEST_BLOCKS = 4;

/** One assignment of 24 bits (MA-L) in the file, with the holder's name in the first line. */
const ENTRY = /^ "([0-9A-F]{6})": ("(?:[^"\\]|\\[^n])*)/gm;

let registry: Registry | null = null;

/**
 * The holder of the block that a canonical MAC address is from, by the IEEE's registry of 24-bit
 * blocks (https://standards-oui.ieee.org, as the package `oui-data` has it). Null for one that
 * holds few blocks, or that is not known.
 */
export function holderOfBlock(mac: string): BlockHolder | null {
  registry ??= loadRegistry();
  const { prefixes, holderOf, holders } = registry;
  const prefix = Number.parseInt(mac.slice(0, 8).replaceAll(':', ''), 16);
  let [low, high] = [0, prefixes.length - 1];
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = prefixes[middle] ?? 0;
    if (found === prefix) return holders[holderOf[middle] ?? -1] ?? null;
    if (found < prefix) low = middle + 1;
    else high = middle - 1;
  }
  return null;
}

/** Whether a company of this name, given as its words, holds more than a few blocks. */
export function holdsBlocks(words: readonly string[]): boolean {
  registry ??= loadRegistry();
  return words.length > 0 && registry.keys.has(words.join(' '));
}

/**
 * Reads the file when it is first needed. Parsed as JSON it would take 20 MB; of the 40,000 blocks,
 * those of the holders that count take 0.2 MB.
 */
function loadRegistry(): Registry {
  const known = [...blocksByKey()].filter(
    ([key, { prefixes }]) => key !== '' && prefixes.length >= FEWEST_BLOCKS,
  );
  const blocks = known
    .flatMap(([, { prefixes }], holder) => prefixes.map((prefix) => ({ prefix, holder })))
    .sort((one, other) => one.prefix - other.prefix);
  return {
    prefixes: Uint32Array.from(blocks, ({ prefix }) => prefix),
    holderOf: Uint16Array.from(blocks, ({ holder }) => holder),
    holders: known.map(([key, { name }]) => ({ name, words: key.split(' ') })),
    keys: new Set(known.map(([key]) => key)),
  };
}

/** The blocks of each company, by the words of its name: many are registered under several names. */
function blocksByKey(): ReadonlyMap<string, { name: string; prefixes: number[] }> {
  const byKey = new Map<string, { name: string; prefixes: number[] }>();
  for (const [quoted, prefixes] of blocksByName()) {
    const name = decode(quoted);
    const key = makerWords(name).join(' ');
    const blocks = byKey.get(key);
    if (blocks === undefined) byKey.set(key, { name, prefixes });
    else blocks.prefixes.push(...prefixes);
  }
  return byKey;
}

/** The blocks of each name, which is as it stands in the file. */
function blocksByName(): ReadonlyMap<string, number[]> {
  // As UTF-8 the text would take two bytes a character, for the sake of a few names.
  const text = readFileSync(createRequire(import.meta.url).resolve('oui-data'), 'latin1');
  const byName = new Map<string, number[]>();
  for (const [, prefix = '', quoted = ''] of text.matchAll(ENTRY)) {
    const block = Number.parseInt(prefix, 16);
    const prefixes = byName.get(quoted);
    if (prefixes === undefined) byName.set(quoted, [block]);
    else prefixes.push(block);
  }
  return byName;
}

function decode(quoted: string): string {
  return String(JSON.parse(Buffer.from(`${quoted}"`, 'latin1').toString('utf8')));
}
