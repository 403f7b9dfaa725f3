import { IntlMessageFormat } from 'intl-messageformat';
import { Refusal } from '../core/errors.ts';
import { showDay } from './days.ts';
import { english } from './en/index.ts';

/** Values that are days: the rules know them as `2026-03-05`. */
const days: ReadonlySet<string> = new Set(['earliest', 'latest', 'today', 'endedOn', 'startsOn', 'from', 'to']);

const readable = (params: Refusal['params']): Refusal['params'] =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      days.has(name) && /^\d{4}-\d\d-\d\d$/.test(`${value}`) ? showDay(`${value}`) : value,
    ]),
  );

const compiled = new Map<string, IntlMessageFormat>();

/** What a person reads for a refusal: the catalogue's text for its code, with the refusal's values put in. */
export const refusalText = (refusal: Refusal): string => {
  const pattern = english[refusal.code];
  if (pattern === undefined) return refusal.code;
  let message = compiled.get(refusal.code);
  if (!message)
    compiled.set(refusal.code, (message = new IntlMessageFormat(pattern, 'en', undefined, { ignoreTag: true })));
  return String(message.format(readable(refusal.params)));
};

/** A "no" inside a result, as a sentence. */
export const reasonText = ({ code, params }: Pick<Refusal, 'code' | 'params'>): string =>
  refusalText(new Refusal('rule', code, { params }));
