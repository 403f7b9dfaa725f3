import type { z } from 'zod';
import type { Actor, Caller, PersonActor } from './caller.ts';
import { invalid, notAllowed, Refusal } from './errors.ts';
import { noPages, type Links } from './links.ts';
import { may, type Permission } from './permissions.ts';
import type { Reads } from './reads.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** What a running use case has at hand. */
export interface Context<A extends Actor = Actor> {
  readonly uow: UnitOfWork;
  readonly reads: Reads;
  readonly actor: A;
  /** Business time. */
  readonly now: Temporal.Instant;
  /** The delivery that is answered; ledger rows name it. */
  readonly requestId: string;
  readonly links: Links;
}

type ActorFor<N extends Need> = N extends 'system' ? Actor : PersonActor;
/** What a caller needs: a row of the permission table, or to be the system itself. */
export type Need = Permission | 'system';

export interface UseCase<I extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType, N extends Need = Need> {
  /**
   * A command changes something and is audited and remembered; a query does neither. A scratch keeps unfinished work
   * (a half-typed form): it changes rows that no business rule reads, so it is neither audited nor remembered. A
   * rehearsal shows what a command would do: what it writes to find out is taken back.
   */
  readonly kind: 'command' | 'query' | 'scratch' | 'rehearsal';
  /** The words people and scripts use for it: `customer add`. */
  readonly name: string;
  readonly needs: N;
  readonly input: I;
  readonly result: R;
  run(context: Context<ActorFor<N>>, input: z.output<I>): Promise<z.input<R>>;
}

/** Ties the types of a use case together; does nothing else. */
export const defineUseCase = <I extends z.ZodType, R extends z.ZodType, N extends Need>(
  useCase: UseCase<I, R, N>,
): UseCase<I, R, N> => useCase;

export type AnyUseCase = UseCase<z.ZodType, z.ZodType, never> | UseCase;

/** The only door into core: rights, input, then one transaction. */
export type Execute = <I extends z.ZodType, R extends z.ZodType, N extends Need>(
  useCase: UseCase<I, R, N>,
  caller: Caller,
  input: unknown,
) => Promise<z.output<R>>;

/** What the first call with this request id was, and how it was answered. */
export interface Remembered {
  readonly useCase: string;
  readonly inputHash: string;
  readonly answer: unknown;
}

/** One transaction's insides, as storage provides them to execute. */
export interface Transaction {
  readonly uow: UnitOfWork;
  readonly reads: Reads;
  /** The answer already given to this person's request id, if any. */
  remembered(personId: string, requestId: string): Promise<Remembered | null>;
  /** Appends the audit entry with its chain columns and the stored answer; the last thing before the commit. */
  record(entry: {
    readonly useCase: string;
    readonly actor: Actor;
    readonly requestId: string;
    readonly input: unknown;
    readonly inputHash: string;
    readonly answer: unknown;
    readonly at: Temporal.Instant;
  }): Promise<void>;
}

export interface Host {
  now(): Temporal.Instant;
  /** Runs the work in one transaction behind the actor's walls; retried whole on a serialization failure or deadlock. */
  transaction<T>(
    actor: Actor,
    options: { readonly readOnly?: boolean; /** Nothing of it stays. */ readonly takeBack?: boolean },
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<T>;
  /** A stable digest of any JSON value. */
  hash(value: unknown): string;
}

const requireRight = (actor: Actor, needs: Need): void => {
  if (needs === 'system' ? actor.type === 'system' : actor.type === 'person' && may(actor, needs)) return;
  throw notAllowed();
};

/** zod's own words are for programmers; these are for the person in front of the form. */
const parse = <I extends z.ZodType>(schema: I, raw: unknown): z.output<I> => {
  const parsed = schema.safeParse(raw, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw inputRefusal(parsed.error.issues[0]);
};

/** One of zod's complaints as a refusal that blames its field. */
export const inputRefusal = (issue: z.core.$ZodIssue | undefined): Refusal => {
  // Of several unknown fields the first is blamed; the text names them all.
  const blamed = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const field = [...(issue?.path ?? []), ...blamed].map(String).join('.');
  // A schema may name a refusal code of its own as its message: `customer.account_taken`.
  const code = /^[a-z_]+\.[a-z_]+$/.test(issue?.message ?? '') ? issue!.message : codeOf(issue);
  return invalid(code, field, { ...paramsOf(issue), field });
};

const codeOf = (issue: z.core.$ZodIssue | undefined): string => {
  switch (issue?.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'input.required' : 'input.wrong_type';
    case 'too_small':
      return issue.origin === 'string'
        ? issue.minimum === 1
          ? 'input.required'
          : 'input.too_short'
        : 'input.too_small';
    case 'too_big':
      return issue.origin === 'string' ? 'input.too_long' : 'input.too_big';
    case 'invalid_format':
      return issue.format === 'email' ? 'input.not_email' : 'input.bad_format';
    case 'invalid_value':
      return 'input.not_one_of';
    case 'unrecognized_keys':
      return 'input.unknown_field';
    default:
      return 'input.invalid';
  }
};

const paramsOf = (issue: z.core.$ZodIssue | undefined): Record<string, string | number> => {
  switch (issue?.code) {
    case 'too_small':
      return { minimum: Number(issue.minimum) };
    case 'too_big':
      return { maximum: Number(issue.maximum) };
    case 'invalid_type':
      return { expected: issue.expected };
    case 'invalid_value':
      return { allowed: issue.values.map(String).join(', ') };
    case 'unrecognized_keys':
      return { keys: issue.keys.join(', ') };
    default:
      return {};
  }
};

/**
 * Rights, then input, then one transaction that holds the change, its ledger rows, its jobs, the audit entry and the
 * stored answer. The same request id of the same person gets the first answer; with other content it is refused.
 */
export const createExecute = (host: Host, links: Links = noPages): Execute => {
  const execute: Execute = async (useCase, { actor, requestId }, raw) => {
    requireRight(actor, useCase.needs);
    const input = parse(useCase.input, raw);
    const at = host.now();
    const inputHash = host.hash({ useCase: useCase.name, input: raw ?? null });
    const isCommand = useCase.kind === 'command';
    const options = { readOnly: useCase.kind === 'query', takeBack: useCase.kind === 'rehearsal' };

    /** What this very delivery was answered before; null: nothing yet. */
    const earlier = async ({ remembered }: Pick<Transaction, 'remembered'>) => {
      const before = isCommand && actor.type === 'person' ? await remembered(actor.personId, requestId) : null;
      if (before === null) return null;
      if (before.inputHash !== inputHash) throw new Refusal('conflict', 'request.mismatch');
      return { result: useCase.result.parse(before.answer) };
    };

    const once = async (transaction: Transaction) => {
      const before = await earlier(transaction);
      if (before) return before;
      const { uow, reads, record } = transaction;
      // The right was checked above: the actor is of the kind that the use case asks for.
      const context = { uow, reads, actor: actor as never, now: at, requestId, links };
      try {
        const result = useCase.result.parse(await useCase.run(context, input));
        if (isCommand) await record({ useCase: useCase.name, actor, requestId, input, inputHash, answer: result, at });
        return { result };
      } catch (error) {
        if (!isCommand || !(error instanceof Refusal && error.keeps)) throw error;
        if (await earlier(transaction)) throw error;
        // A refusal is not remembered: what it kept is audited under an id of its own, and the same id may try again.
        const answer = { refused: error.code };
        const keptId = `${requestId}:kept:${uow.newId()}`;
        await record({ useCase: useCase.name, actor, requestId: keptId, input, inputHash, answer, at });
        return { refused: error };
      }
    };

    try {
      const outcome = await host.transaction(actor, options, once);
      if ('refused' in outcome) throw outcome.refused;
      return outcome.result as never;
    } catch (error) {
      if (!isCommand || !(error instanceof Refusal)) throw error;
      // The same delivery may have run beside this one and been faster: then its answer is this one's as well.
      const twin = await host.transaction(actor, { readOnly: true }, earlier);
      if (!twin) throw error;
      return twin.result as never;
    }
  };
  return execute;
};
