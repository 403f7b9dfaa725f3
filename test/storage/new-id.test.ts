import { expect, test } from 'vitest';
import { newId } from '../../src/storage/new-id.ts';

test('ids made in one millisecond keep their order, and tell the time', () => {
  const before = Date.now();
  const ids = Array.from({ length: 20_000 }, newId);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const moment = Number.parseInt(ids[0]!.slice(0, 13).replace('-', ''), 16);
  expect(moment - before).toBeLessThan(1000);
  expect(moment).toBeGreaterThanOrEqual(before);
});
