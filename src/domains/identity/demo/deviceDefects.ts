import { type Changes, type Defects, spoilText, strayWhitespace } from './demoDefects.ts';

/** What is wrong with devices of the demo workspace. */
export const DEVICE_DEFECTS: Defects<'device'> = {
  records: [
    {
      ruleId: 'device.required',
      field: 'serialNumber',
      severity: 'ERROR',
      count: 10,
      spoil: [() => ({ serialNumber: null })],
    },
    {
      ruleId: 'device.site.missing',
      field: 'siteId',
      severity: 'WARNING',
      count: 16,
      spoil: [() => ({ siteId: null })],
    },
    {
      ruleId: 'device.mac.invalid',
      field: 'macAddress',
      severity: 'WARNING',
      count: 14,
      spoil: [
        spoilText('macAddress', (mac) => mac.slice(0, -3)),
        spoilText('macAddress', (mac) => mac.replace('0', 'O')),
        spoilText('macAddress', () => '00:00:00:00:00:00'),
        spoilText('macAddress', () => 'FF:FF:FF:FF:FF:FF'),
        spoilText('macAddress', () => 'unknown'),
      ],
    },
    {
      ruleId: 'device.mac.format',
      field: 'macAddress',
      severity: 'INFO',
      count: 24,
      spoil: [
        spoilText('macAddress', (mac) => mac.toLowerCase()),
        spoilText('macAddress', (mac) => mac.replaceAll(':', '-')),
        spoilText('macAddress', (mac) => mac.replaceAll(':', '')),
        spoilText('macAddress', (mac) =>
          mac
            .replaceAll(':', '')
            .toLowerCase()
            .replace(/.{4}(?=.)/g, '$&.'),
        ),
        spoilText('macAddress', (mac) => `${mac} `),
      ],
    },
    {
      ruleId: 'device.mac.vendor',
      field: 'macAddress',
      severity: 'INFO',
      count: 8,
      spoil: [
        fromBlock('00:1B:0C', 'Axis Communications'),
        fromBlock('AC:CC:8E', 'Ubiquiti Networks'),
      ],
    },
    {
      ruleId: 'device.serial.placeholder',
      field: 'serialNumber',
      severity: 'WARNING',
      count: 10,
      spoil: [
        spoilText('serialNumber', () => 'N/A'),
        spoilText('serialNumber', () => 'To be filled by O.E.M.'),
        spoilText('serialNumber', () => '0000000000'),
        spoilText('serialNumber', () => '123456789'),
        spoilText('serialNumber', () => 'unknown'),
      ],
    },
    {
      ruleId: 'device.serial.malformed',
      field: 'serialNumber',
      severity: 'WARNING',
      count: 8,
      spoil: [
        spoilText('serialNumber', (serial) => `S/N: ${serial}`),
        spoilText('serialNumber', (serial) => `Serial No. ${serial}`),
        spoilText('serialNumber', (serial) => `${serial} see label on back`),
      ],
    },
    {
      ruleId: 'device.dates.implausible',
      field: 'warrantyEndsOn',
      severity: 'WARNING',
      count: 6,
      spoil: [
        ({ installedOn }) =>
          installedOn === null ? null : { warrantyEndsOn: `2015${installedOn.slice(4)}` },
      ],
    },
    {
      ruleId: 'device.dates.implausible',
      field: 'installedOn',
      severity: 'WARNING',
      count: 6,
      spoil: [
        () => ({ installedOn: '1970-01-01' }),
        // Two digits of the year, as read by a program that fills up with zeros.
        spoilText('installedOn', (day) => `00${day.slice(2)}`),
      ],
    },
    {
      ruleId: 'device.recommended',
      field: 'manufacturer',
      severity: 'INFO',
      count: 4,
      spoil: [() => ({ manufacturer: null })],
    },
    {
      ruleId: 'device.recommended',
      field: 'model',
      severity: 'INFO',
      count: 6,
      spoil: [() => ({ model: null })],
    },
    strayWhitespace('device', 'serialNumber', 5),
    strayWhitespace('device', 'manufacturer', 4),
    strayWhitespace('device', 'model', 3),
  ],
  duplicates: [
    {
      ruleId: 'device.duplicate',
      field: 'serialNumber',
      severity: 'WARNING',
      count: 6,
      copies: 1,
      copy: ({ serialNumber }) => ({
        serialNumber: serialNumber?.replaceAll('-', ' ').toLowerCase() ?? null,
      }),
    },
    {
      ruleId: 'device.duplicate',
      field: 'macAddress',
      severity: 'WARNING',
      count: 5,
      copies: 1,
      copy: ({ macAddress }) => (macAddress === null ? null : { macAddress }),
    },
    {
      ruleId: 'device.duplicate',
      field: 'macAddress',
      severity: 'WARNING',
      count: 1,
      copies: 2,
      copy: ({ macAddress }) => (macAddress === null ? null : { macAddress }),
    },
    {
      ruleId: 'device.serial.near-equal',
      field: 'serialNumber',
      severity: 'INFO',
      count: 5,
      copies: 1,
      copy: ({ serialNumber, manufacturer, model }) =>
        serialNumber === null
          ? null
          : { serialNumber: serialNumber.replace(/0(?=\d*$)/, 'O'), manufacturer, model },
    },
  ],
};

/** Gives a device the manufacturer's name and an address from the block of another manufacturer. */
function fromBlock(prefix: string, manufacturer: string) {
  return ({ macAddress }: { readonly macAddress: string | null }): Changes | null =>
    macAddress === null ? null : { manufacturer, macAddress: `${prefix}${macAddress.slice(-9)}` };
}
