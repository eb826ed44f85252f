import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceMacFormat } from '../../../../src/domains/identity/rules/deviceMacFormat.ts';
import { deviceMacInvalid } from '../../../../src/domains/identity/rules/deviceMacInvalid.ts';
import { canonicalMac } from '../../../../src/domains/identity/rules/values/macAddress.ts';
import { deviceWith, findingsOf } from './ruleTesting.ts';

const invalid = (macAddress: string | null) =>
  findingsOf(deviceMacInvalid, deviceWith({ macAddress }));
const format = (macAddress: string | null) =>
  findingsOf(deviceMacFormat, deviceWith({ macAddress }));

describe('device.mac.invalid and device.mac.format', () => {
  it.each([[null], [''], ['00:1B:44:11:3A:B7'], ['00:1B:44:FF:FE:11:3A:B7']])(
    'are content with %j',
    (mac) => {
      expect([...invalid(mac), ...format(mac)]).toEqual([]);
    },
  );

  it.each([
    ['00:1b:44:11:3a:b7', '00:1B:44:11:3A:B7'],
    ['00-1B-44-11-3A-B7', '00:1B:44:11:3A:B7'],
    ['001b.4411.3ab7', '00:1B:44:11:3A:B7'],
    ['001B44113AB7', '00:1B:44:11:3A:B7'],
    ['00 1B 44 11 3A B7', '00:1B:44:11:3A:B7'],
    ['\t00:1B:44:11:3A:B7 ', '00:1B:44:11:3A:B7'],
    ['001b44fffe113ab7', '00:1B:44:FF:FE:11:3A:B7'],
    ['001b.44ff.fe11.3ab7', '00:1B:44:FF:FE:11:3A:B7'],
    ['  ', ''],
  ])('find the writing of %j at fault, and suggest %j', (mac, suggestedValue) => {
    expect(invalid(mac)).toEqual([]);
    expect(format(mac)).toMatchObject([{ field: 'macAddress', currentValue: mac, suggestedValue }]);
  });

  it.each([
    ['00:1B:44:11:3A', 'The MAC address has 10 hexadecimal digits instead of 12 or 16.'],
    ['00:1B:44:11:3A:B7:00', 'The MAC address has 14 hexadecimal digits instead of 12 or 16.'],
    ['00:1B:44:11:3A:G7', 'The MAC address has signs other than hexadecimal digits.'],
    ['n/a', 'The MAC address has signs other than hexadecimal digits.'],
    ['00:00:00:00:00:00', 'No single device has this MAC address.'],
    ['000000000000', 'No single device has this MAC address.'],
    ['ff-ff-ff-ff-ff-ff', 'No single device has this MAC address.'],
    ['FFFF.FFFF.FFFF.FFFF', 'No single device has this MAC address.'],
    ['00:11:22:33:44:55', 'No single device has this MAC address.'],
    ['123456789abc', 'No single device has this MAC address.'],
    ['01:00:5E:00:00:FB', 'This is the address of a group of devices, and of no single one.'],
    ['3333.0000.0001', 'This is the address of a group of devices, and of no single one.'],
    ['00:1B-44:11-3A:B7', 'The MAC address is divided in an unusual way.'],
  ])('find %j invalid and say why', (mac, message) => {
    expect(format(mac)).toEqual([]);
    expect(invalid(mac)).toEqual([
      { field: 'macAddress', message, currentValue: mac, suggestedValue: null },
    ]);
  });
});

describe('canonicalMac', () => {
  const notation = fc.constantFrom(
    (pairs: readonly string[]) => pairs.join(':'),
    (pairs: readonly string[]) => pairs.join('-'),
    (pairs: readonly string[]) => pairs.join(''),
    (pairs: readonly string[]) => pairs.join('').replace(/.{4}(?=.)/g, '$&.'),
    (pairs: readonly string[]) => pairs.join(':').toUpperCase(),
  );
  const pair = fc.integer({ min: 1, max: 254 }).map((byte) => byte.toString(16).padStart(2, '0'));
  // The first octet of a single device's address is even.
  const pairs = fc.oneof(
    ...[5, 7].map((n) =>
      fc.array(pair, { minLength: n, maxLength: n }).map((rest) => ['1e', ...rest]),
    ),
  );

  it('gives every notation of an address the one form, which it leaves as it is', () => {
    fc.assert(
      fc.property(pairs, notation, (bytes, write) => {
        const canonical = bytes.join(':').toUpperCase();
        expect(canonicalMac(write(bytes))).toBe(canonical);
        expect(canonicalMac(canonical)).toBe(canonical);
      }),
    );
  });
});
