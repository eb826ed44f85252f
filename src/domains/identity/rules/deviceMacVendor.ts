import type { RecordRule } from './rule.ts';
import { holderOfBlock, holdsBlocks } from './values/addressBlocks.ts';
import { cleanText } from './values/cleanText.ts';
import { canonicalMac } from './values/macAddress.ts';
import { makerWords, mayBeSameMaker } from './values/makerName.ts';
import { buildsForOthers } from './values/moduleMakers.ts';

/** Of the first octet: set in addresses of groups, and in those that no manufacturer assigned. */
const GROUP_OR_LOCAL = 0b11;

/** Manufacturers repeat, and few hold blocks of addresses. */
const MANUFACTURERS_KEPT = 1_000;

/** The words of a manufacturer that holds blocks of addresses, or null; by its name as it stands. */
const holders = new Map<string, readonly string[] | null>();

export const deviceMacVendor: RecordRule<'device'> = {
  kind: 'record',
  id: 'device.mac.vendor',
  version: 2,
  entityType: 'device',
  severity: 'INFO',
  description:
    'Where a manufacturer has blocks of hardware addresses (IEEE OUI) of its own, its device’s MAC address is not from another manufacturer’s; blocks of makers of chips, modules and virtual machines are fine everywhere.',
  fields: ['macAddress', 'manufacturer'],
  rationale: 'The manufacturer or the address may have been copied from another device.',
  example: { manufacturer: 'Axis Communications', macAddress: '00:1B:0C:3A:B7:01' },
  check({ macAddress, manufacturer }, _context, report) {
    if (macAddress === null || manufacturer === null) return;
    const words = holderWords(manufacturer);
    const mac = words === null ? null : canonicalMac(cleanText(macAddress));
    if (words === null || mac === null || isGroupOrLocal(mac)) return;
    const holder = holderOfBlock(mac);
    if (holder === null || buildsForOthers(holder.words)) return;
    if (mayBeSameMaker(words, holder.words)) return;
    report({
      field: 'macAddress',
      message: `Worth a look: this MAC address is from a block of ${asWords(holder.name)}, and the manufacturer given has blocks of its own.`,
      currentValue: macAddress,
      suggestedValue: null,
    });
  },
};

function holderWords(manufacturer: string): readonly string[] | null {
  const known = holders.get(manufacturer);
  if (known !== undefined) return known;
  const words = makerWords(manufacturer);
  const found = holdsBlocks(words) ? words : null;
  if (holders.size >= MANUFACTURERS_KEPT) holders.clear();
  holders.set(manufacturer, found);
  return found;
}

function isGroupOrLocal(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & GROUP_OR_LOCAL) !== 0;
}

/** A registered name without the full stop that some end in. */
function asWords(name: string): string {
  return name.trim().replace(/\.$/, '');
}
