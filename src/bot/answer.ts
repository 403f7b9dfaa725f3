import type { Logger } from 'pino';
import { Refusal } from '../core/errors.ts';
import { newReference } from '../reference.ts';
import { refusalText } from '../texts/refusal-text.ts';
import type { Outcome } from './desk.ts';

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
    const ref = newReference();
    log.error({ err: error, ref, ...about }, 'chat request failed');
    return refused(refusalText(new Refusal('rule', 'internal', { params: { reference: ref } })));
  }
};
