import type { z } from 'zod';
import type { SystemActor } from '../core/caller.ts';
import type { Execute, Need, UseCase } from '../core/use-case.ts';

/** The one door as a job uses it: as the system, under the job's name. */
export type SystemDoor = <I extends z.ZodType, R extends z.ZodType, N extends Need>(
  useCase: UseCase<I, R, N>,
  input: unknown,
) => Promise<z.output<R>>;

export const systemDoor = (execute: Execute, name: string, requestId: string): SystemDoor => {
  const actor: SystemActor = { type: 'system', name };
  return (useCase, input) => execute(useCase, { actor, requestId }, input);
};

/** What jobs log to; pino's own shape. */
export interface JobLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Real time: leases, Retry-After and links. Business time never enters here. */
export type RealTime = () => Temporal.Instant;
