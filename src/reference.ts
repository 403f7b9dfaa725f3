import { randomInt } from 'node:crypto';

// Without letters that are read wrongly aloud.
const alphabet = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

/** What a person quotes when something broke, and what the log has it under. */
export const newReference = (): string =>
  Array.from({ length: 6 }, () => alphabet[randomInt(alphabet.length)]).join('');
