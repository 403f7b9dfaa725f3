import { randomUUIDv7 } from 'node:crypto';

/** Milliseconds since 1970 × 4096, and a count within the millisecond: what an id begins with. */
let last = 0n;

/**
 * A UUID of version 7 that is greater than all that this process made before, also within a millisecond and when the
 * clock is set back: rows of one moment keep the order in which they were made.
 */
export const newId = (): string => {
  const random = randomUUIDv7();
  const now = BigInt(`0x${random.slice(0, 8)}${random.slice(9, 13)}`) << 12n;
  last = now > last ? now : last + 1n;
  const begin = last.toString(16).padStart(15, '0');
  return `${begin.slice(0, 8)}-${begin.slice(8, 12)}-7${begin.slice(12)}-${random.slice(19)}`;
};
