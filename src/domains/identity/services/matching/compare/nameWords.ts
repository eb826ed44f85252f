import type { RecordStore } from '../recordStore.ts';
import { StringTable } from '../stringTable.ts';

/** The words of the names of organisations or sites, and how rare they are. */
export class NameWords {
  readonly table = new StringTable();
  readonly #byName: number[][] = [[]];
  readonly #counts: number[] = [];
  readonly #names: number;

  constructor(store: RecordStore) {
    const names = store.table('name');
    for (let name = 1; name < names.size; name += 1) {
      const words = [...new Set(names.text(name).split(' '))].map((word) =>
        this.table.intern(word),
      );
      for (const word of words) this.#counts[word] = (this.#counts[word] ?? 0) + 1;
      this.#byName.push(words);
    }
    this.#names = names.size;
  }

  /** The words of a name, each once. */
  of(name: number): readonly number[] {
    return this.#byName[name] ?? [];
  }

  /** The inverse document frequency of a word, counted over distinct names: 1 for the commonest. */
  weight(word: number): number {
    return 1 + Math.log((1 + this.#names) / (1 + (this.#counts[word] ?? 0)));
  }

  /** The words of a name, the rarest first, those of the same rarity in the order of the table. */
  rarestOf(name: number): readonly number[] {
    return this.of(name).toSorted(
      (one, other) => (this.#counts[one] ?? 0) - (this.#counts[other] ?? 0) || one - other,
    );
  }
}
