import type { RecordStore } from '../recordStore.ts';
import { type Compare, MISSING } from './comparator.ts';

/** Levels of the distance of two sites, with their limits in metres. */
export const POSITION_LEVEL = { next: 1, near: 2, sameTown: 3, far: 4 } as const;
const LIMITS = [100, 1_000, 10_000] as const;

const METRES_PER_DEGREE = 111_195;

/**
 * Compares coordinates where one of the sites has no street: with streets in both, the position
 * would say the same thing once more.
 */
export function comparePositions(store: RecordStore, field: number): Compare {
  const [latitudes, longitudes, street] = [
    store.latitudes,
    store.longitudes,
    store.column('street'),
  ];
  return (one, other, levels) => {
    levels[field] = MISSING;
    if (street[one] !== 0 && street[other] !== 0) return;
    const latitude = latitudes[one] ?? Number.NaN;
    const north = (latitude - (latitudes[other] ?? Number.NaN)) * METRES_PER_DEGREE;
    const east =
      ((longitudes[one] ?? Number.NaN) - (longitudes[other] ?? Number.NaN)) *
      METRES_PER_DEGREE *
      Math.cos((latitude * Math.PI) / 180);
    const metres = Math.hypot(north, east);
    if (Number.isNaN(metres)) return;
    const limit = LIMITS.findIndex((metresAtMost) => metres <= metresAtMost);
    levels[field] = limit < 0 ? POSITION_LEVEL.far : limit + 1;
  };
}
