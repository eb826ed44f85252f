/** The option or argument by which people fill a field of the gateway's inputs. */
const OPTIONS: ReadonlyMap<string, string> = new Map([
  ['assigneeId', '--to'],
  ['autoPromote', '--auto-promote'],
  ['batchId', 'BATCH'],
  ['comment', '--comment'],
  ['cron', '--cron'],
  ['dateOrder', '--date-order'],
  ['decimalSeparator', '--decimal'],
  ['defaultCountry', '--country'],
  ['delimiter', '--delimiter'],
  ['encoding', '--encoding'],
  ['entityIds', '--not-duplicates'],
  ['entityVersion', '--entity-version'],
  ['expiresAt', '--expires'],
  ['fieldFrom', '--take'],
  ['file', 'FILE'],
  ['filter.entityType', '--entity-type'],
  ['filter.field', '--field'],
  ['filter.recordStatus', '--status'],
  ['filter.ruleId', '--rule'],
  ['filter.severity', '--severity'],
  ['findings', '--finding'],
  ['loserIds', 'DUPLICATE'],
  ['map', '--map'],
  ['mapping', '--mapping'],
  ['mappingId', 'MAPPING'],
  ['name', '--name'],
  ['reason', '--reason'],
  ['records', '--row'],
  ['rules.parameters', '--parameter'],
  ['rules.ruleId', 'RULE'],
  ['rowIndex', '--row'],
  ['rowIndexes', '--row'],
  ['rows', '--row'],
  ['saveMapping', '--save-mapping'],
  ['set', '--set'],
  ['slug', 'SLUG'],
  ['survivorId', 'SURVIVOR'],
  ['timeZone', '--zone'],
  ['title', '--title'],
  ['values', '--value'],
]);

/**
 * What the user gave for a field that the gateway refused.
 *
 * @param path - of the field, such as `input.findings.0.value`
 */
export function optionFor(path: string): string | undefined {
  const names = path.split('.').filter((name) => name !== 'input' && !/^\d+$/.test(name));
  for (let length = names.length; length > 0; length -= 1) {
    const option = OPTIONS.get(names.slice(0, length).join('.'));
    if (option !== undefined) return option;
  }
  return undefined;
}
