/**
 * Distinct texts by number, in one pool of UTF-16 code units: a million of them take some 50 MB,
 * where strings in a Map take five times as much. Number 0 is the missing text.
 */
export class StringTable {
  #units = new Uint16Array(1 << 14);
  #starts = new Uint32Array(1 << 11);
  #slots = new Int32Array(1 << 12);
  #size = 1;

  /** How many numbers there are, with that of the missing text. */
  get size(): number {
    return this.#size;
  }

  /** The pool; a text `id` is what lies from `starts[id]` to `starts[id + 1]`. Valid until something is added. */
  get units(): Uint16Array {
    return this.#units;
  }

  get starts(): Uint32Array {
    return this.#starts;
  }

  /** The number of a text, which it gets when it comes for the first time. */
  intern(text: string): number {
    if (text.length === 0) return 0;
    const mask = this.#slots.length - 1;
    let slot = hashText(text) & mask;
    for (;;) {
      const id = this.#slots[slot] ?? 0;
      if (id === 0) return this.#insert(text, slot);
      if (this.#isText(id, text)) return id;
      slot = (slot + 1) & mask;
    }
  }

  /** The number of a text, 0 where it was never met. */
  find(text: string): number {
    const mask = this.#slots.length - 1;
    for (let slot = hashText(text) & mask; ; slot = (slot + 1) & mask) {
      const id = this.#slots[slot] ?? 0;
      if (id === 0 || this.#isText(id, text)) return id;
    }
  }

  /** The text of a number. */
  text(id: number): string {
    const [start, end] = [this.#starts[id] ?? 0, this.#starts[id + 1] ?? 0];
    let text = '';
    for (let at = start; at < end; at += 1) text += String.fromCharCode(this.#units[at] ?? 0);
    return text;
  }

  #isText(id: number, text: string): boolean {
    const start = this.#starts[id] ?? 0;
    if ((this.#starts[id + 1] ?? 0) - start !== text.length) return false;
    for (let index = 0; index < text.length; index += 1) {
      if (this.#units[start + index] !== text.charCodeAt(index)) return false;
    }
    return true;
  }

  #insert(text: string, slot: number): number {
    const id = this.#size;
    const start = this.#starts[id] ?? 0;
    if (start + text.length > this.#units.length) {
      const units = new Uint16Array(Math.max(this.#units.length * 2, start + text.length));
      units.set(this.#units);
      this.#units = units;
    }
    if (id + 2 > this.#starts.length) {
      const starts = new Uint32Array(this.#starts.length * 2);
      starts.set(this.#starts);
      this.#starts = starts;
    }
    for (let index = 0; index < text.length; index += 1) {
      this.#units[start + index] = text.charCodeAt(index);
    }
    this.#starts[id + 1] = start + text.length;
    this.#slots[slot] = id;
    this.#size += 1;
    if (this.#size * 2 > this.#slots.length) this.#rehash();
    return id;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 4);
    const mask = slots.length - 1;
    for (let id = 1; id < this.#size; id += 1) {
      let slot = hashUnits(this.#units, this.#starts[id] ?? 0, this.#starts[id + 1] ?? 0) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
    this.#slots = slots;
  }
}

/** FNV-1a over code units (Fowler, Noll and Vo), with its upper bits mixed into the lower ones. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}

function hashUnits(units: Uint16Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < end; index += 1) {
    hash = Math.imul(hash ^ (units[index] ?? 0), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}
