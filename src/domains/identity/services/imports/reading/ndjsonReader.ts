import { type ImportLimits, pastLimit } from './importLimits.ts';
import type { BrokenRow, TextBlock } from './table.ts';

/** An object of NDJSON, flattened. */
export interface FlatObject {
  readonly line: number;
  /** Values as text, under keys such as `address.city`. */
  readonly values: ReadonlyMap<string, string>;
}

/** Objects within objects are flattened so deep, and kept as JSON below. */
const MAX_DEPTH = 8;

/** Reads NDJSON block by block. */
export class NdjsonReader {
  readonly #limits: ImportLimits;
  #line = 1;

  constructor(limits: ImportLimits) {
    this.#limits = limits;
  }

  /** @throws `BAD_USER_INPUT` at a line that is too long */
  read({ text, damaged }: TextBlock): (FlatObject | BrokenRow)[] {
    const rows: (FlatObject | BrokenRow)[] = [];
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    for (const [index, raw] of lines.entries()) {
      const line = this.#line;
      this.#line += 1;
      if (raw.length > this.#limits.rowCharacters) {
        throw pastLimit(this.#limits, 'rowCharacters', `Line ${line} has more characters than`);
      }
      if (raw.trim() === '') continue;
      const values = damaged.includes(index) ? DAMAGED : flatten(raw);
      if (typeof values === 'string') rows.push({ line, problem: `Line ${line} ${values}.`, raw });
      else rows.push({ line, values });
    }
    return rows;
  }
}

const DAMAGED = 'has bytes that are no text in the encoding of the file';

/** @returns why a line is no object, where it is none */
function flatten(raw: string): ReadonlyMap<string, string> | string {
  try {
    const value = parseExactly(raw);
    if (!isObject(value)) return 'is no JSON object';
    const values = new Map<string, string>();
    addValues(value, '', 1, values);
    return values;
  } catch (error) {
    if (error instanceof SyntaxError) return 'is no JSON';
    // Of the stack, which is all that nesting can exhaust.
    if (error instanceof RangeError) return 'is nested too deeply';
    throw error;
  }
}

/** Numbers that would not come out as they stand: of many digits, with an exponent or a zero at the end. */
const INEXACT = /\d{16}|\.\d*0(?!\d)|\d[eE]/;

class ExactNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  toJSON(): unknown {
    return JSON.rawJSON(this.source);
  }
}

declare global {
  interface JSON {
    /** https://tc39.es/proposal-json-parse-with-source/#sec-json.rawjson */
    rawJSON(text: string): unknown;
  }
}

function parseExactly(raw: string): unknown {
  if (!INEXACT.test(raw)) return JSON.parse(raw);
  return JSON.parse(raw, keepSource);
}

/** https://github.com/tc39/proposal-json-parse-with-source */
function keepSource(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? new ExactNumber(context?.source ?? String(value)) : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof ExactNumber)
  );
}

function addValues(
  object: Readonly<Record<string, unknown>>,
  prefix: string,
  depth: number,
  values: Map<string, string>,
): void {
  for (const [key, value] of Object.entries(object)) {
    const name = `${prefix}${key}`;
    if (isObject(value) && depth < MAX_DEPTH) addValues(value, `${name}.`, depth + 1, values);
    else values.set(name, toText(value));
  }
}

function toText(value: unknown): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (value instanceof ExactNumber) return value.source;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
