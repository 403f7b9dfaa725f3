import { pino, type DestinationStream, type Logger } from 'pino';
import { Refusal } from './core/errors.ts';
import type { Execute } from './core/use-case.ts';

export type { Logger };

/** PostgreSQL quotes the row that was at fault behind its message. */
const withoutDetail = (text: string): string => text.replaceAll(/\n - detail: .*/g, '');

/**
 * An error as the log has it: what kind, where, and its codes. Nothing else that it carries is written, since the ORM
 * puts the whole statement there, with every name, address and letter that was to be stored.
 */
const errorFields = (error: unknown, depth = 0): unknown => {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, constraint, status, statusCode } = error as Error & Readonly<Record<string, unknown>>;
  return {
    type: error.name,
    message: withoutDetail(error.message),
    code,
    constraint,
    status,
    statusCode,
    stack: withoutDetail(error.stack ?? ''),
    ...(error.cause !== undefined && depth < 3 && { cause: errorFields(error.cause, depth + 1) }),
  };
};

const options = (level: string) => ({
  level,
  base: null,
  serializers: { err: errorFields },
  redact: {
    paths: [
      '*.token',
      '*.secret',
      '*.password',
      '*.authorization',
      'headers.authorization',
      '*.signingSecret',
      '*.html',
    ],
    censor: '•',
  },
});

/** Structured lines, on standard output unless told otherwise; secrets are cut by path, whoever logs them. */
export const createLog = (level: string, destination?: DestinationStream): Logger =>
  destination ? pino(options(level), destination) : pino(options(level));

/** One line for each use case: what, for whom, how it ended and how long it took. Refusals are outcomes, not errors. */
export const withLog =
  (execute: Execute, log: Logger): Execute =>
  async (useCase, caller, input) => {
    const started = performance.now();
    let outcome = 'failed';
    try {
      const result = await execute(useCase, caller, input);
      outcome = 'ok';
      return result;
    } catch (error) {
      if (error instanceof Refusal) outcome = error.code;
      throw error;
    } finally {
      log.info(
        {
          useCase: useCase.name,
          outcome,
          ms: Math.round(performance.now() - started),
          requestId: caller.requestId,
          actor: caller.actor.type === 'person' ? caller.actor.personId : caller.actor.name,
        },
        'use case',
      );
    }
  };
