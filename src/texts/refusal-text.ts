import { IntlMessageFormat } from 'intl-messageformat';
import type { Refusal } from '../core/errors.ts';
import { english } from './en/index.ts';

const compiled = new Map<string, IntlMessageFormat>();

/** What a person reads for a refusal: the catalogue's text for its code, with the refusal's values put in. */
export const refusalText = (refusal: Refusal): string => {
  const pattern = english[refusal.code];
  if (pattern === undefined) return refusal.code;
  let message = compiled.get(refusal.code);
  if (!message)
    compiled.set(refusal.code, (message = new IntlMessageFormat(pattern, 'en', undefined, { ignoreTag: true })));
  return String(message.format(refusal.params));
};
