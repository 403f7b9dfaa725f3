/** The auditor, as the last word of a test: whatever was done by the doors, no invariant is broken. */
import { expect } from 'vitest';
import { checkInvariants } from '../../src/storage/check/check-invariants.ts';
import type { World } from './world.ts';

export const expectInvariants = async (
  world: World,
  { except = [] }: { readonly except?: readonly string[] } = {},
): Promise<void> => {
  const { broken } = await checkInvariants(world.database.orm, world.clock.now());
  expect(broken.filter(({ invariant }) => !except.includes(invariant))).toEqual([]);
};
