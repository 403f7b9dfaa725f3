/** What both fake platforms are handed: the parts of one playground. */
import type { Faults } from './protocol.ts';
import type { Store } from './store.ts';
import type { Stream } from './stream.ts';
import type { Traffic } from './traffic.ts';

export interface Parts {
  readonly store: Store;
  readonly stream: Stream;
  readonly traffic: Traffic;
  /** Business time, which the clock of the playground turns. */
  now(): Temporal.Instant;
  /** Real time in milliseconds: signatures, trigger ids and expiries never follow the turned clock. */
  realNow(): number;
  /** Where the app listens, without a slash at the end. Throws until it is known. */
  appUrl(): string;
  /** Where the playground listens, without a slash at the end. */
  ownUrl(): string;
  faults(): Faults;
  /** Counts a message that a persona has not seen. */
  countUnread(personaId: string, place: string): void;
}

/** A person tried what the page does not offer; the message is for him. */
export class NotPossible extends Error {}

/** The added delay of a slow network, in each direction. */
export const slowness = async (faults: Faults): Promise<void> => {
  if (faults.slowNetwork) await new Promise((resolve) => setTimeout(resolve, 1000));
};
