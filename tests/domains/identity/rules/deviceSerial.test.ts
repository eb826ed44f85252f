import { describe, expect, it } from 'vitest';
import { deviceSerialMalformed } from '../../../../src/domains/identity/rules/deviceSerialMalformed.ts';
import { deviceSerialPlaceholder } from '../../../../src/domains/identity/rules/deviceSerialPlaceholder.ts';
import type { DeviceFields } from '../../../../src/domains/identity/rules/entities.ts';
import { deviceWith, findingsOf } from './ruleTesting.ts';

const placeholder = (fields: Partial<DeviceFields>) =>
  findingsOf(deviceSerialPlaceholder, deviceWith(fields));
const malformed = (serialNumber: string | null) =>
  findingsOf(deviceSerialMalformed, deviceWith({ serialNumber }));

describe('device.serial.placeholder and device.serial.malformed', () => {
  it.each([
    [null],
    [''],
    ['  '],
    ['BM-100234'],
    ['bm 100234'],
    ['7778'],
    ['SN-00000001'],
    ['SNOW 17'],
    ['4CE0460D0G'],
    ['C02XK0AAJGH6 '],
    ['Serial7'],
    ['АБ-10023'],
    ['Rack A Slot-4'],
    ['12E5'],
    ['1E512'],
    ['ABCD'],
    ['ASDFX'],
    ['#4711'],
    ['#REF-4711'],
  ])('are content with %j', (serialNumber) => {
    expect([...placeholder({ serialNumber }), ...malformed(serialNumber)]).toEqual([]);
  });

  it.each([
    ['N/A'],
    ['n.a.'],
    ['0000'],
    ['XXXXXX'],
    ['123456'],
    ['To be filled by O.E.M.'],
    ['Default string'],
    ['SN'],
    ['unknown'],
    [' none '],
    ['---'],
    ['see label'],
    ['illegible'],
    ['MISSING'],
    ['#N/A'],
    ['ABCDEFG'],
    ['qwerty'],
    ['Asdf-gh'],
  ])('take %j for a placeholder', (serialNumber) => {
    expect(placeholder({ serialNumber })).toEqual([
      {
        field: 'serialNumber',
        message: 'This is written where there is no serial number.',
        currentValue: serialNumber,
        suggestedValue: null,
      },
    ]);
    expect(malformed(serialNumber)).toEqual([]);
  });

  it.each([['#REF!'], ['#DIV/0!'], ['#name?'], [' #VALUE!']])(
    'take %j for the error of a spreadsheet',
    (serialNumber) => {
      expect(placeholder({ serialNumber })).toMatchObject([
        { message: 'This is the error of a spreadsheet rather than a serial number.' },
      ]);
      expect(malformed(serialNumber)).toEqual([]);
    },
  );

  it.each([['1.23457E+12'], ['1,23457e+12'], ['4E+15']])(
    'take %j for a number that a spreadsheet has rounded',
    (serialNumber) => {
      expect(placeholder({ serialNumber })).toEqual([]);
      expect(malformed(serialNumber)).toMatchObject([
        {
          message: 'A spreadsheet has rounded this number: its last digits are lost.',
          suggestedValue: null,
        },
      ]);
    },
  );

  it('know the names of the model and the manufacturer', () => {
    expect(placeholder({ serialNumber: 'g-2', model: 'G2' })).toMatchObject([
      { message: 'The serial number is the name of the model.' },
    ]);
    expect(placeholder({ serialNumber: 'BRIGHTMERE', model: null })).toMatchObject([
      { message: 'The serial number is the name of the manufacturer.' },
    ]);
    expect(placeholder({ serialNumber: 'G2-0001', model: 'G2' })).toEqual([]);
  });

  it.each([
    ['S/N: BM-100234', 'BM-100234'],
    ['SN:100234', '100234'],
    ['s/n 100234', '100234'],
    ['Serial No. 100234', '100234'],
    ['serial number = BM 100234', 'BM 100234'],
    ['Seriennummer: 100234', '100234'],
    ['Serial: SN: 100234', '100234'],
  ])('take the label off %j', (serialNumber, suggestedValue) => {
    expect(placeholder({ serialNumber })).toEqual([]);
    expect(malformed(serialNumber)).toMatchObject([
      { message: 'The serial number begins with its label.', suggestedValue, certainty: 'LIKELY' },
    ]);
  });

  it('suggest nothing where nothing is left', () => {
    expect(malformed('S/N: unknown')).toMatchObject([{ suggestedValue: null }]);
  });

  it.each([['see label on back'], ['ask Meier at the front desk'], ['100234 see label on back']])(
    'take %j for a remark',
    (serialNumber) => {
      expect(malformed(serialNumber)).toMatchObject([
        { message: 'This is a remark rather than a serial number.', suggestedValue: null },
      ]);
    },
  );
});
