import { distance } from 'fastest-levenshtein';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { PersonActor, SystemActor } from '../core/caller.ts';
import type { Clock } from '../core/clock.ts';
import { invalid, notAllowed, Refusal } from '../core/errors.ts';
import { actorByEmail } from '../core/people/resolve-actor.ts';
import { inputRefusal, type AnyUseCase, type Execute } from '../core/use-case.ts';
import { lineOf } from '../core/text.ts';
import { operatorJobs, personUseCases } from '../core/use-cases.ts';
import { reasonText, refusalText } from '../texts/refusal-text.ts';

/** One line as scripts write it. */
const request = z.strictObject({
  id: z.union([lineOf(200), z.int()]).optional(),
  /** A person's e-mail; may be left out where the system's own work is asked for. */
  as: lineOf(254).optional(),
  /** The words of a use case. */
  do: lineOf(100),
  input: z.unknown().optional(),
  at: z.string().optional(),
});

export interface ExecDoor {
  execute(clock?: Clock): Execute;
  isForPlay(): Promise<boolean>;
  defect(error: unknown): string;
}

type AnswerLine =
  | { readonly id: string | number | null; readonly ok: true; readonly result: unknown }
  | {
      readonly id: string | number | null;
      readonly ok: false;
      readonly code: string;
      readonly field?: string;
      readonly message: string;
    };

const refusalLine = (id: string | number | null, refusal: Refusal): AnswerLine => ({
  id,
  ok: false,
  code: refusal.code,
  ...(refusal.field && { field: refusal.field }),
  message: refusalText(refusal),
});

const spoken = (name: string): string => name.trim().toLowerCase().replaceAll(/\s+/g, ' ');

const useCaseOf = (name: string): AnyUseCase => {
  const known = personUseCases.get(spoken(name)) ?? operatorJobs.get(spoken(name));
  if (known) return known;
  const [nearest] = [...personUseCases.keys()].toSorted((one, other) => distance(name, one) - distance(name, other));
  const guess = nearest !== undefined && distance(name, nearest) <= nearest.length / 3 ? nearest : 'none';
  throw invalid('request.unknown', 'do', { name, guess });
};

/** Business time of years that every calendar and database here can count with. */
const instantOf = (text: string): Temporal.Instant => {
  try {
    const at = Temporal.Instant.from(text);
    const { year } = at.toZonedDateTimeISO('UTC');
    if (year >= 1970 && year < 9999) return at;
  } catch {
    // Not a moment at all: refused like one that is too far away.
  }
  throw invalid('request.at_form', 'at');
};

/** Runs one line through the one door. Every line gets an answer; nothing is thrown. */
export const execLine = async (line: string, door: ExecDoor): Promise<AnswerLine> => {
  let id: string | number | null = null;
  try {
    let raw: unknown;
    try {
      raw = JSON.parse(line);
    } catch {
      throw new Refusal('invalid', 'request.not_json');
    }
    if (raw === null || typeof raw !== 'object' || Array.isArray(raw)) throw new Refusal('invalid', 'request.not_json');
    const given = (raw as { id?: unknown }).id;
    if (typeof given === 'string' || typeof given === 'number') id = given;
    const parsed = request.safeParse(raw, { reportInput: true });
    if (!parsed.success) throw inputRefusal(parsed.error.issues[0]);
    const { as, do: name, input = {}, at } = parsed.data;
    const useCase = useCaseOf(name);
    let clock: Clock | undefined;
    if (at !== undefined) {
      if (!(await door.isForPlay())) throw invalid('request.not_for_play', 'at');
      const now = instantOf(at);
      clock = { now: () => now };
    }
    const actor = operatorJobs.has(useCase.name) ? operator : await actorOf(door, as);
    const requestId = `exec:${id ?? randomUUID()}`;
    const run = (request: string) => door.execute(clock)(useCase as never, { actor, requestId: request }, input);
    const result = operatorJobs.has(useCase.name) ? await runToEnd(run, requestId) : await run(requestId);
    return { id, ok: true, result: worded(result) };
  } catch (error) {
    if (error instanceof Refusal) return refusalLine(id, error);
    const reference = door.defect(error);
    return refusalLine(id, new Refusal('rule', 'internal', { params: { reference } }));
  }
};

/** A "no" inside a result, such as one of many customers that could not be served. */
const isRefused = (value: object): value is { code: string; params: Refusal['params'] } =>
  'code' in value && typeof value.code === 'string' && 'params' in value && typeof value.params === 'object';

/** The result with words for every "no" in it, as each refusal of this door has them. */
const worded = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(worded);
  if (value === null || typeof value !== 'object') return value;
  const told = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, worded(part)]));
  if (!isRefused(value)) return told;
  return { ...told, message: reasonText(value) };
};

/** In a schema: what `worded` adds. */
const withMessage = ({ properties, required }: z.core.JSONSchema.BaseSchema): void => {
  if (!properties || !('code' in properties) || !('params' in properties)) return;
  properties.message = { type: 'string' };
  required?.push('message');
};

/** A job that works in portions says `more` until nothing is left: one line does all of them and sums their results. */
const runToEnd = async (run: (requestId: string) => Promise<unknown>, requestId: string): Promise<unknown> => {
  let all: Record<string, unknown> = {};
  for (let portion = 0; ; portion++) {
    const result = (await run(portion === 0 ? requestId : `${requestId}:${portion}`)) as Record<string, unknown>;
    all = Object.fromEntries(Object.entries(result).map(([key, value]) => [key, summed(all[key], value)]));
    if (result.more !== true) return all;
  }
};

const summed = (before: unknown, now: unknown): unknown => {
  if (Array.isArray(before) && Array.isArray(now)) return [...before, ...now];
  return typeof before === 'number' && typeof now === 'number' ? before + now : now;
};

const operator: SystemActor = { type: 'system', name: 'cli' };

const actorOf = async (door: ExecDoor, email: string | undefined): Promise<PersonActor> => {
  if (email === undefined) throw invalid('input.required', 'as');
  const system = { actor: operator, requestId: randomUUID() };
  const { actor } = await door.execute()(actorByEmail, system, { email });
  // Nobody learns from this door who is known here: an unknown person simply has no rights.
  if (!actor) throw notAllowed();
  return actor;
};

/** JSON Schema of every operation's input and result. */
export const execSchema = (): unknown => ({
  request: z.toJSONSchema(request, { io: 'input' }),
  operations: Object.fromEntries(
    [...personUseCases, ...operatorJobs].map(([name, { kind, needs, input, result }]) => [
      name,
      {
        kind,
        needs,
        input: z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }),
        result: z.toJSONSchema(result, {
          io: 'output',
          unrepresentable: 'any',
          override: ({ jsonSchema }) => withMessage(jsonSchema),
        }),
      },
    ]),
  ),
});
