/**
 * Tells which rows may share a match key with another, in eight bytes a key: of a million entities
 * few do, and only those are worth comparing key by key.
 */
export class KeyHashes {
  #hashes = new Uint32Array(1024);
  #rows = new Uint32Array(1024);
  #length = 0;

  /** Rows come in any order, but all keys of one row together. */
  add(rowIndex: number, key: string): void {
    if (this.#length === this.#hashes.length) {
      this.#hashes = enlarged(this.#hashes);
      this.#rows = enlarged(this.#rows);
    }
    this.#hashes[this.#length] = hash(key);
    this.#rows[this.#length] = rowIndex;
    this.#length += 1;
  }

  /** The rows of which a key has the same hash as another one: all that share a key, and a few more. */
  candidates(): readonly number[] {
    const repeated = this.#repeatedHashes();
    const rows: number[] = [];
    for (let index = 0; index < this.#length; index += 1) {
      const row = this.#rows[index] ?? 0;
      if (repeated.has(this.#hashes[index] ?? 0) && rows.at(-1) !== row) rows.push(row);
    }
    return rows;
  }

  #repeatedHashes(): ReadonlySet<number> {
    const sorted = this.#hashes.slice(0, this.#length).sort();
    const repeated = new Set<number>();
    for (let index = 1; index < sorted.length; index += 1) {
      const current = sorted[index] ?? 0;
      if (current === sorted[index - 1]) repeated.add(current);
    }
    return repeated;
  }
}

function enlarged(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.ceil(numbers.length * 1.25));
  larger.set(numbers);
  return larger;
}

/** FNV-1a of the text's UTF-16 units: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
