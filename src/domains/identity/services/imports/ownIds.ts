import { validate as isUuid, version } from 'uuid';

/** The version of UUIDs by which this product names all entities. */
const VERSION = 7;

/**
 * Whether a cell may be the id of an entity of this product. The random UUIDs by which most other
 * systems name their records are none.
 */
export function isOwnId(cell: string): boolean {
  const id = cell.trim();
  return isUuid(id) && version(id) === VERSION;
}
