import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8 collect garbage before the heap has grown much. Left to itself, it trades memory for a
 * little time: checking 200,000 entities, a worker took 550 MB of which 40 were in use; like this it
 * takes 190, in the same time within a tenth.
 *
 * Both flags are read at each collection, so that they may be set while the process runs:
 * https://chromium.googlesource.com/v8/v8/+/main/src/flags/flag-definitions.h
 */
export function growHeapSlowly(): void {
  setFlagsFromString('--heap-growing-percent=10');
  setFlagsFromString('--semi-space-growth-factor=1');
}
