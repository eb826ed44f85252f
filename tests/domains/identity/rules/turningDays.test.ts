import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseFields } from '../../../../src/domains/identity/profiles/parseFields.ts';
import { recordRules } from '../../../../src/domains/identity/rules/catalogue.ts';
import type { EntityType } from '../../../../src/domains/identity/rules/entities.ts';
import type { RecordRule, RuleContext } from '../../../../src/domains/identity/rules/rule.ts';

const on = (today: string): RuleContext => ({
  ...{ defaultCountry: 'US', today, parameters: new Map() },
});

const isoDay = (min: string, max: string) =>
  fc
    .date({ min: new Date(min), max: new Date(max), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
const today = isoDay('2020-01-01', '2031-12-31');
/** Around the days on which people are 120, and around the present. */
const date = fc.oneof(isoDay('1899-12-01', '1912-12-31'), isoDay('2019-12-01', '2032-01-31'));

function promisesOf<T extends EntityType>(rules: readonly RecordRule<T>[]): void {
  for (const rule of rules) {
    if (rule.turningDays) saysTheSame(rule);
    else asksForNoDay(rule);
  }
}

function asksForNoDay<T extends EntityType>(rule: RecordRule<T>): void {
  it(`${rule.id} does not ask which day it is`, () => {
    // Not copied where a rule makes a context of its own from it.
    const context = Object.defineProperty(on(''), 'today', {
      enumerable: false,
      get: () => {
        throw new Error('It asks for the day, so it needs turningDays.');
      },
    });
    const entity = parseFields(rule.entityType, rule.example);

    expect(() => rule.check(entity, context, () => {})).not.toThrow();
  });
}

function saysTheSame<T extends EntityType>(rule: RecordRule<T>): void {
  const dates = rule.fields.filter((field) => /(On|Date)$/.test(field));
  const verdict = (fields: object, day: string): string[] => {
    const said: string[] = [];
    const entity = parseFields(rule.entityType, { ...fields });
    rule.check(entity, on(day), ({ message }) => void said.push(message));
    return said;
  };

  it(`${rule.id} says the same on two days, but of dates between its turning days`, () => {
    fc.assert(
      fc.property(date, date, today, today, (first, second, before, after) => {
        const fields = Object.fromEntries(
          dates.map((name, index) => [name, [first, second][index]]),
        );
        const then = rule.turningDays?.(on(before)) ?? [];
        const now = rule.turningDays?.(on(after)) ?? [];
        const isLookedAt = then.some(({ field, day }, index) => {
          const [from = '', to = ''] = [day, now[index]?.day ?? ''].sort();
          const value = fields[field] ?? '';
          return from <= value && value <= to;
        });
        if (!isLookedAt) expect(verdict(fields, after)).toEqual(verdict(fields, before));
      }),
      { numRuns: 500 },
    );
  });
}

promisesOf(recordRules.contact);
promisesOf(recordRules.site);
promisesOf(recordRules.device);
