import type { output } from 'zod';
import type { PersonActor, SystemActor } from '../core/caller.ts';
import type { Execute } from '../core/use-case.ts';
import type { Args, Message } from './view.ts';

/** What a notice composes with: the system, behind no partner's walls; it must address people with care. */
export interface NoticeAsk {
  readonly actor: SystemActor;
  readonly execute: <U extends Parameters<Execute>[0]>(useCase: U, input: unknown) => Promise<output<U['result']>>;
  /** The same door as seen by a person: use it for whatever only that person may see (money, customers). */
  readonly as: (
    person: PersonActor,
  ) => <U extends Parameters<Execute>[0]>(useCase: U, input: unknown) => Promise<output<U['result']>>;
  readonly now: Temporal.Instant;
}

export type Notification =
  /** To a person, on every platform where he is linked. */
  | {
      readonly to: 'person';
      readonly person: PersonActor;
      /** Event and reason; with the recipient it makes the notice unique. */
      readonly key: string;
      readonly message: Message;
      /** Every posted copy with the tag can be updated together. */
      readonly tag?: string;
      /** Also by mail, drawn from the same message; buttons become nothing. */
      readonly mail?: { readonly subject: string };
    }
  /** By mail to a customer, who has no part in the chats. */
  | {
      readonly to: 'customer';
      readonly customerId: string;
      /** Event and reason; with the recipient it makes the notice unique. */
      readonly key: string;
      readonly subject: string;
      readonly message: Message;
    }
  /**
   * Replaces every posted copy that carries the tag. `latest`: an update of it that still waits to leave is overtaken,
   * so that a slow platform is not sent every figure of a bar.
   */
  | {
      readonly to: 'copies';
      readonly tag: string;
      readonly key: string;
      readonly message: Message;
      readonly latest?: boolean;
    };

/** Draws something that happened (`notify` jobs name the topic) for everyone who is to be told. */
export interface Notice {
  readonly topic: string;
  compose(ask: NoticeAsk, data: Args): Promise<readonly Notification[]>;
}
