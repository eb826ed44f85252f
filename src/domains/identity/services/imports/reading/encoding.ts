import { isAscii, isUtf8 } from 'node:buffer';
import type { Encoding, TextBlock } from './table.ts';

/** https://encoding.spec.whatwg.org/#bom-sniff */
const BYTE_ORDER_MARKS: readonly { readonly encoding: Encoding; readonly bytes: Buffer }[] = [
  { encoding: 'UTF-8', bytes: Buffer.from([0xef, 0xbb, 0xbf]) },
  { encoding: 'UTF-16LE', bytes: Buffer.from([0xff, 0xfe]) },
  { encoding: 'UTF-16BE', bytes: Buffer.from([0xfe, 0xff]) },
];

/** So many bytes tell UTF-16, in which every second byte of Latin text is zero. */
const BYTES_LOOKED_AT = 4_096;
/** In a language without Latin letters, delimiters, digits and line ends still have a zero byte. */
const ZEROS_OF_UTF16 = 0.05;

/** What the first bytes of a file say of its encoding. */
export interface DetectedEncoding {
  /** Null where it is UTF-8 or Windows-1252: only bytes that are no ASCII tell them apart. */
  readonly encoding: Encoding | null;
  /** How long the byte order mark is. */
  readonly markBytes: number;
}

/** Detects by the byte order mark, else by zero bytes. */
export function detectEncoding(head: Buffer): DetectedEncoding {
  for (const { encoding, bytes } of BYTE_ORDER_MARKS) {
    if (head.subarray(0, bytes.length).equals(bytes)) return { encoding, markBytes: bytes.length };
  }
  const pairs = Math.floor(Math.min(head.length, BYTES_LOOKED_AT) / 2);
  let highFirst = 0;
  let lowFirst = 0;
  for (let pair = 0; pair < pairs; pair += 1) {
    if (head[pair * 2] === 0) highFirst += 1;
    if (head[pair * 2 + 1] === 0) lowFirst += 1;
  }
  // One alone may have strayed into a file of a few lines.
  const few = Math.max(1, pairs * ZEROS_OF_UTF16);
  if (lowFirst > few && highFirst === 0) return { encoding: 'UTF-16LE', markBytes: 0 };
  if (highFirst > few && lowFirst === 0) return { encoding: 'UTF-16BE', markBytes: 0 };
  return { encoding: null, markBytes: 0 };
}

/** Makes text of the lines of a file. */
export class LineDecoder {
  readonly #lineEnd: '\n' | '\r';
  readonly #windows1252 = new TextDecoder('windows-1252');
  #encoding: Encoding | null;

  /** @param encoding - null to tell UTF-8 and Windows-1252 apart by the first bytes that differ */
  constructor(encoding: Encoding | null, lineEnd: '\n' | '\r') {
    this.#encoding = encoding;
    this.#lineEnd = lineEnd;
  }

  /** UTF-8 as long as nothing but ASCII has been seen. */
  get encoding(): Encoding {
    return this.#encoding ?? 'UTF-8';
  }

  /** Where the last line of some bytes ends, which begin with a whole character; 0 where none does. */
  endOfLines(bytes: Buffer): number {
    if (!this.#isUtf16) return bytes.lastIndexOf(this.#lineEnd) + 1;
    const [first, second] = this.#encode(this.#lineEnd);
    for (let at = bytes.length - (bytes.length % 2) - 2; at >= 0; at -= 2) {
      if (bytes[at] === first && bytes[at + 1] === second) return at + 2;
    }
    return 0;
  }

  /** @param lines - whole ones; the last of a file may lack its end */
  decode(lines: Buffer): TextBlock {
    if (!this.#isUtf16 && isAscii(lines)) return this.#withoutNul(lines.toString('latin1'));
    this.#encoding ??= this.#tellApart(lines);
    switch (this.#encoding) {
      case 'UTF-8':
        return isUtf8(lines) ? this.#withoutNul(lines.toString()) : this.#decodeDamaged(lines);
      case 'WINDOWS-1252':
        return this.#withoutNul(this.#windows1252.decode(lines));
      case 'UTF-16LE':
      case 'UTF-16BE':
        return this.#decodeUtf16(lines);
    }
  }

  get #isUtf16(): boolean {
    return this.#encoding === 'UTF-16LE' || this.#encoding === 'UTF-16BE';
  }

  #encode(character: string): Buffer {
    const bytes = Buffer.from(character, 'utf16le');
    return this.#encoding === 'UTF-16BE' ? bytes.swap16() : bytes;
  }

  /** Windows-1252 is next to never valid UTF-8; UTF-8 may have a broken line. */
  #tellApart(lines: Buffer): Encoding {
    let valid = 0;
    let invalid = 0;
    for (const line of this.#split(lines)) {
      if (isAscii(line)) continue;
      if (isUtf8(line)) valid += 1;
      else invalid += 1;
    }
    return valid >= invalid ? 'UTF-8' : 'WINDOWS-1252';
  }

  /** Lines that are no UTF-8 are read as Windows-1252, in which each byte is some character. */
  #decodeDamaged(lines: Buffer): TextBlock {
    const damaged: number[] = [];
    const texts = this.#split(lines).map((line, index) => {
      if (isUtf8(line)) return line.toString();
      damaged.push(index);
      return this.#windows1252.decode(line);
    });
    const { text, damaged: withNul } = this.#withoutNul(texts.join(''));
    return { text, damaged: [...damaged, ...withNul] };
  }

  #decodeUtf16(lines: Buffer): TextBlock {
    const whole = lines.subarray(0, lines.length - (lines.length % 2));
    const littleEndian = this.#encoding === 'UTF-16LE' ? whole : Buffer.from(whole).swap16();
    const { text, damaged } = this.#withoutNul(littleEndian.toString('utf16le'));
    const isCut = whole.length < lines.length;
    if (!isCut && text.isWellFormed()) return { text, damaged };
    const split = text.split(this.#lineEnd);
    const broken = split.flatMap((line, index) => (line.isWellFormed() ? [] : [index]));
    return { text, damaged: [...damaged, ...broken, ...(isCut ? [split.length - 1] : [])] };
  }

  /** NUL is no text, and PostgreSQL can't store it. */
  #withoutNul(text: string): TextBlock {
    if (!text.includes('\0')) return { text, damaged: [] };
    const lines = text.split(this.#lineEnd);
    return { text, damaged: lines.flatMap((line, index) => (line.includes('\0') ? [index] : [])) };
  }

  #split(lines: Buffer): Buffer[] {
    const split: Buffer[] = [];
    for (let start = 0; start < lines.length; ) {
      const end = lines.indexOf(this.#lineEnd, start) + 1 || lines.length;
      split.push(lines.subarray(start, end));
      start = end;
    }
    return split;
  }
}
