import { describe, expect, it } from 'vitest';
import { deviceMacVendor } from '../../../../src/domains/identity/rules/deviceMacVendor.ts';
import { deviceWith, findingsOf } from './ruleTesting.ts';

const CISCO = '00:1B:0C:3A:B7:01';
const AXIS = 'AC:CC:8E:3A:B7:01';
const INTEL = '00:1B:21:3A:B7:01';
const HEWLETT_PACKARD = '3C:D9:2B:3A:B7:01';

const vendor = (manufacturer: string | null, macAddress: string | null) =>
  findingsOf(deviceMacVendor, deviceWith({ manufacturer, macAddress }));

describe('device.mac.vendor', () => {
  it.each<[string | null, string | null, string]>([
    [null, CISCO, 'no manufacturer'],
    ['Axis', null, 'no address'],
    ['Axis', 'n/a', 'no valid address'],
    ['Cisco', CISCO, 'the maker’s own block'],
    ['CISCO SYSTEMS', CISCO, 'the maker’s own block, in capitals'],
    ['Cisco-Linksys', CISCO, 'the same company’s brand'],
    ['HP', HEWLETT_PACKARD, 'an abbreviation'],
    ['Hewlett-Packard Enterprise', HEWLETT_PACKARD, 'a part of the company'],
    ['Aruba Networks', HEWLETT_PACKARD, 'a company that it bought'],
    ['Dell', INTEL, 'a maker of network cards'],
    ['Brightmere', CISCO, 'a manufacturer without blocks'],
    ['Acme', CISCO, 'a manufacturer without blocks'],
    ['Axis', '02:1B:0C:3A:B7:01', 'a locally administered address'],
    ['Apple', 'DA:A1:19:3A:B7:01', 'a randomised address'],
    ['Axis', '01:00:5E:00:00:01', 'an address of a group'],
    ['Axis', 'FC:FF:FF:3A:B7:01', 'a block that nobody holds'],
  ])('takes %j with %j: %s', (manufacturer, macAddress) => {
    expect(vendor(manufacturer, macAddress)).toEqual([]);
  });

  it.each([
    ['Axis Communications', CISCO, 'Cisco Systems, Inc'],
    ['Ubiquiti', AXIS, 'Axis Communications AB'],
    ['Ubiquiti', 'accc.8e3a.b701', 'Axis Communications AB'],
    ['cisco systems', ` ${AXIS}`, 'Axis Communications AB'],
  ])('wonders about %j with %j, which is of %s', (manufacturer, macAddress, holder) => {
    expect(vendor(manufacturer, macAddress)).toEqual([
      {
        field: 'macAddress',
        message: `Worth a look: this MAC address is from a block of ${holder}, and the manufacturer given has blocks of its own.`,
        currentValue: macAddress,
        suggestedValue: null,
      },
    ]);
  });
});
