import { badUserInput } from '../../../../platform/errors.ts';
import { allRules, ruleById } from '../../rules/catalogue.ts';
import { engineRules } from '../../rules/engineRules.ts';

/**
 * A filter by a rule that there is not would select nothing, and look as if there were nothing to do.
 *
 * @param field - of the input, which has the id
 * @throws `BAD_USER_INPUT` for the id of no rule, with the ids of those that may be meant
 */
export function assertRuleExists(field: string, id: string): void {
  if (ruleById(id) !== undefined || engineRules.some((rule) => rule.id === id)) return;
  const ids = [...allRules, ...engineRules].map((rule) => rule.id);
  const [entityType = ''] = id.split('.');
  const alike = ids.filter((known) => known.startsWith(`${entityType}.`));
  const meant = alike.length > 0 ? alike : ids;
  throw badUserInput(field, `There is no rule "${id}". Use one of ${meant.join(', ')}.`);
}
