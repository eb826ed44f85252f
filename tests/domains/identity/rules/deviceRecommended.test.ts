import { expect, it } from 'vitest';
import { deviceRecommended } from '../../../../src/domains/identity/rules/deviceRecommended.ts';
import { deviceWith, findingsOf } from './ruleTesting.ts';

it.each([
  [{}, []],
  [{ manufacturer: null }, ['manufacturer']],
  [{ manufacturer: ' ', model: '' }, ['manufacturer', 'model']],
])('device.recommended of %j misses %j', (fields, missing) => {
  const findings = findingsOf(deviceRecommended, deviceWith(fields));
  expect(findings.map(({ field }) => field)).toEqual(missing);
});
