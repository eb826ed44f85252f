import type { ClientBase } from 'pg';

/**
 * Runs statements that join tables whose rows were made just now. The planner takes these for empty
 * until they have been analyzed, and would go through all of one for each row of the other: measured,
 * a range that takes half a second then takes minutes. Without nested loops it never does; every
 * table of the statements is narrowed by an index to the rows of a range, or to ids.
 */
export async function withoutNestedLoops<T>(
  client: ClientBase,
  work: () => Promise<T>,
): Promise<T> {
  await client.query('SET LOCAL enable_nestloop = off');
  const result = await work();
  // After an error there is nothing to do: the setting goes with what is rolled back.
  await client.query('SET LOCAL enable_nestloop = on');
  return result;
}
