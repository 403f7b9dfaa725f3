import { describe, expect, test } from 'vitest';
import { faultOf } from '../../src/core/import/fault.ts';
import { rule } from '../../src/core/errors.ts';
import { shortened } from '../../src/core/text.ts';

describe('shortened text', () => {
  test.for([
    ['what fits', 'abc', 3, 'abc'],
    ['what does not', 'abcd', 3, 'ab…'],
    ['an emoji at the edge', 'ab😀cd', 4, 'ab…'],
    ['a family at the edge', 'a👨‍👩‍👧b', 6, 'a…'],
    ['an accent at the edge', 'abe\u0301cd', 4, 'ab…'],
    ['a blank at the edge', 'ab cd', 4, 'ab…'],
  ] as const)('%s', ([, text, maximum, expected]) => {
    expect(shortened(text, maximum)).toBe(expected);
  });

  test('of a cell in a file is whole letters', () => {
    const { found } = faultOf(2, 'company', `${'x'.repeat(78)}😀😀`, rule('input.too_long'));
    expect(found).toBe(`${'x'.repeat(78)}…`);
    expect(found.isWellFormed()).toBe(true);
  });
});
