import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { reasonWords, showReason } from '../../src/bot/format.ts';

test('every reason that the ledger is written with has plain words', () => {
  const written = readdirSync('src/core', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => [...readFileSync(`src/core/${path}`, 'utf8').matchAll(/\breason: '([a-z_]+)'/g)])
    .map(([, reason]) => reason!);
  expect(written.length).toBeGreaterThan(5);
  expect(written.filter((reason) => !Object.hasOwn(reasonWords, reason))).toEqual([]);
});

test('a reason of another day is told by its own words', () => {
  expect(showReason('seats')).toBe('Units changed');
  expect(showReason('price_correction')).toBe('Price correction');
});
