import { expect, it } from 'vitest';
import { remembered } from '../../../../../src/domains/identity/rules/values/remembered.ts';

it('judges a text once, whatever it is made of', () => {
  const asked: string[] = [];
  const lengthOf = remembered((text) => {
    asked.push(text);
    return { length: text.length };
  });
  const texts = [
    '',
    'Ada',
    'Christopher-James',
    'Ærøskøbing by the sea',
    `${'x'.repeat(20)}\uD800`,
  ];

  const first = texts.map(lengthOf);
  const second = texts.map((text) => lengthOf(`${text.slice(0, 1)}${text.slice(1)}`));

  expect(first).toEqual(texts.map(({ length }) => ({ length })));
  expect(second).toEqual(first);
  expect(asked).toEqual(texts);
});

it('keeps no more answers than it is to', () => {
  let judged = 0;
  const isShort = remembered((text) => {
    judged += 1;
    return text.length < 3;
  }, 2);

  expect(['a', 'b', 'a', 'abc', 'a'].map(isShort)).toEqual([true, true, true, false, true]);
  expect(judged).toBe(4);
});
