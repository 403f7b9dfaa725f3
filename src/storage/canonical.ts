import { createHash } from 'node:crypto';

/** JSON with sorted keys: equal values give equal text. Undefined members vanish, as in JSON. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : typeof member === 'bigint'
        ? member.toString()
        : member,
  ) ?? 'null';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
