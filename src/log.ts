import { pino, type Logger } from 'pino';
import { Refusal } from './core/errors.ts';
import type { Execute } from './core/use-case.ts';

export type { Logger };

/** Structured lines on standard output; secrets are cut by path, whoever logs them. */
export const createLog = (level: string): Logger =>
  pino({
    level,
    base: null,
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
