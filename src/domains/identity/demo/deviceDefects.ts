import { type Defects, spoilText, strayWhitespace } from './demoDefects.ts';

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
  ],
};
