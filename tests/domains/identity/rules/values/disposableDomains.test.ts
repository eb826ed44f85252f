import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { isDisposableDomain } from '../../../../../src/domains/identity/rules/values/disposableDomains.ts';

const require = createRequire(import.meta.url);
const domains = z.array(z.string()).parse(require('disposable-email-domains/index.json'));

it('finds every domain of the list, which has to be sorted and free of commas', () => {
  const lasting = ['21cn.com', '33mail.com'];
  const lost = domains.filter((domain) => !isDisposableDomain(domain));
  expect(lost.filter((domain) => !lasting.includes(domain))).toEqual([]);
});

it('finds nothing beside the list', () => {
  for (const domain of ['', 'com', 'a', 'example.com', 'zzzzzz.zz', '0', ',', '"']) {
    expect(isDisposableDomain(domain)).toBe(false);
  }
});
