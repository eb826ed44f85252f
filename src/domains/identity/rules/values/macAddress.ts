import validator from 'validator';

const CANONICAL = /^[0-9A-F]{2}(?::[0-9A-F]{2}){5}(?:(?::[0-9A-F]{2}){2})?$/;

/** Written by devices that have no address: all zeros, and the broadcast address. */
const NOBODY = /^(?:[0:]+|[F:]+)$/;

/**
 * The canonical form of a cleaned MAC address (EUI-48 or EUI-64): upper-case pairs with colons,
 * such as `00:1B:44:11:3A:B7`. Reads colons, hyphens, spaces, groups of four with dots, and none.
 *
 * Returns null for a text that is no MAC address of one device.
 */
export function canonicalMac(value: string): string | null {
  const canonical = CANONICAL.test(value) ? value : rewritten(value);
  return canonical === null || NOBODY.test(canonical) ? null : canonical;
}

function rewritten(value: string): string | null {
  const isMac =
    validator.isMACAddress(value) || validator.isMACAddress(value, { no_separators: true });
  if (!isMac) return null;
  const digits = value.replace(/[^0-9a-f]/gi, '').toUpperCase();
  return digits.replace(/..(?=.)/g, '$&:');
}
