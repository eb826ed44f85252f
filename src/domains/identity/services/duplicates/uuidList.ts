/** Ids in sixteen bytes each: as texts, those of a million entities would take ten times the room. */
export class UuidList {
  #bytes = Buffer.alloc(1 << 14);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(uuid: string): void {
    const at = this.#length * 16;
    if (at === this.#bytes.length) {
      const larger = Buffer.alloc(this.#bytes.length * 2);
      this.#bytes.copy(larger);
      this.#bytes = larger;
    }
    this.#bytes.write(uuid.replaceAll('-', ''), at, 'hex');
    this.#length += 1;
  }

  /** @throws RangeError where there is none at this place */
  at(index: number): string {
    if (index < 0 || index >= this.#length) throw new RangeError(`There is no id ${index}.`);
    const hex = this.#bytes.toString('hex', index * 16, index * 16 + 16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }
}
