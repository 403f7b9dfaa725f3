import { z } from 'zod';
import type { Args } from '../view.ts';
import { SendFailure } from '../sender.ts';

/** How to reach a conversation later, as it is kept with a linked identity, a digest or a waiting post. */
export type Address = z.output<typeof schema>;

const schema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('personal'),
    serviceUrl: z.string(),
    tenant: z.string(),
    user: z.string(),
    /** Absent until the private conversation is known. */
    conversation: z.string().optional(),
  }),
  z.object({ kind: z.literal('channel'), serviceUrl: z.string(), tenant: z.string(), conversation: z.string() }),
]);

export const addressArgs = (address: Address): Args =>
  Object.fromEntries(Object.entries(address).filter((entry): entry is [string, string] => entry[1] !== undefined));

/** Null: not an address of ours. */
export const readAddress = (args: Args | null): Address | null => schema.safeParse(args).data ?? null;

/** @throws SendFailure, permanent. */
export const requireAddress = (args: Args): Address => {
  const address = readAddress(args);
  if (!address) throw new SendFailure('address', { permanent: true });
  return address;
};

/** Deliveries write the same address with and without the last slash. */
export const plainServiceUrl = (url: string): string => url.replace(/\/+$/, '');
