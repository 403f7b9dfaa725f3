import { randomInt } from 'node:crypto';
import type { Logger } from 'pino';
import { Refusal } from '../core/errors.ts';
import { refusalText } from '../texts/refusal-text.ts';
import type { Outcome } from './desk.ts';

/** Without letters that are read wrongly aloud. */
const alphabet = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const reference = (): string => Array.from({ length: 6 }, () => alphabet[randomInt(alphabet.length)]).join('');

export const refused = (text: string): Outcome => ({ kind: 'refused', text });

/**
 * The only place in src/bot that turns what was thrown into something a person reads. A refusal is an answer, not an
 * incident: it is not logged. `onRefusal` is how a form keeps standing with the complaint beside its field; when that
 * refuses too, its refusal is the answer.
 */
export const answer = async (
  log: Logger,
  about: Readonly<Record<string, string>>,
  work: () => Promise<Outcome>,
  onRefusal?: (refusal: Refusal) => Promise<Outcome>,
): Promise<Outcome> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal && onRefusal) return answer(log, about, () => onRefusal(error));
    if (error instanceof Refusal) return refused(refusalText(error));
    const ref = reference();
    log.error({ err: error, ref, ...about }, 'chat request failed');
    return refused(`Something broke on our side. Quote ${ref} if you ask for help.`);
  }
};
