import { expect, it } from 'vitest';
import { RecordStore } from '../../../../../src/domains/identity/services/matching/recordStore.ts';

it('takes other records in the place of those that it has forgotten', () => {
  const store = new RecordStore('site');
  store.add({ name: 'Depot', phone: '+13125550142' });
  store.add({ name: 'Mill', phone: '+13125550143', latitude: 41.8, longitude: -87.6 });

  store.truncate(1);
  const row = store.add({ name: 'Harbor Clinic' });

  expect(row).toBe(1);
  expect(store.size).toBe(2);
  expect(store.value(0, 'phone')).not.toBeNull();
  expect(store.value(row, 'phone')).toBeNull();
  expect(store.value(row, 'name')).toBe('harbor clinic');
  expect(store.latitudes[row]).toBeNaN();
  expect(() => store.truncate(3)).toThrow(RangeError);
});
