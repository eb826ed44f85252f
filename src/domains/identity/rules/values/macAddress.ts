import validator from 'validator';

const CANONICAL = /^[0-9A-F]{2}(?::[0-9A-F]{2}){5}(?:(?::[0-9A-F]{2}){2})?$/;

/**
 * Written by devices that have no address: all zeros, an address of a group, whose first octet is
 * odd, as that of broadcasts is (IEEE 802), and what firmware and forms give as an example.
 */
const NOBODY = /^(?:[0:]+$|.[13579BDF]|00:11:22:33:44:55$|12:34:56:78:9A:BC$)/;

/**
 * The canonical form of a cleaned MAC address (EUI-48 or EUI-64): upper-case pairs with colons,
 * such as `00:1B:44:11:3A:B7`. Reads colons, hyphens, spaces, groups of four with dots, and none.
 *
 * Returns null for a text that is no MAC address of one device.
 */
export function canonicalMac(value: string): string | null {
  if (lastValue !== value) {
    const canonical = CANONICAL.test(value) ? value : rewritten(value);
    lastCanonical = canonical === null || NOBODY.test(canonical) ? null : canonical;
    lastValue = value;
  }
  return lastCanonical;
}

/** The last answer: the rules on MAC addresses ask for the same one in turn. */
let lastValue = '';
let lastCanonical: string | null = null;

function rewritten(value: string): string | null {
  const isMac =
    validator.isMACAddress(value) || validator.isMACAddress(value, { no_separators: true });
  if (!isMac) return null;
  const digits = value.replace(/[^0-9a-f]/gi, '').toUpperCase();
  return digits.replace(/..(?=.)/g, '$&:');
}
