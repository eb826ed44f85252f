import type DataLoader from 'dataloader';

/**
 * The entity behind a representation. Representations come over the network unchecked, so whatever
 * is no id finds nothing, and does not disturb its siblings.
 */
export async function loadReference<Row>(
  loader: DataLoader<string, Row | null>,
  id: unknown,
): Promise<Row | null> {
  return typeof id === 'string' ? loader.load(id) : null;
}
