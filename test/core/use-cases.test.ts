import { expect, test } from 'vitest';
import { z } from 'zod';
import { permissions } from '../../src/core/permissions.ts';
import { useCases } from '../../src/core/use-cases.ts';

test('every use case has a name of its own, in words', () => {
  const names = useCases.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z]+(-[a-z]+)*( [a-z]+(-[a-z]+)*)*$/);
});

test('every use case says what it takes, what it answers, and who may do it', () => {
  for (const { name, input, result, needs, kind } of useCases) {
    expect(() => z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }), name).not.toThrow();
    expect(() => z.toJSONSchema(result, { io: 'output', unrepresentable: 'any' }), name).not.toThrow();
    expect(needs === 'system' || Object.hasOwn(permissions, needs), name).toBe(true);
    expect(['command', 'query', 'scratch', 'rehearsal'], name).toContain(kind);
  }
});
