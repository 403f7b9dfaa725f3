import type { Answers } from './view.ts';

/** Typed answers in the kinds that use cases take; what was left empty is absent. */

export const textAnswer = (answers: Answers, name: string): string | undefined => {
  const answer = answers[name];
  return typeof answer === 'string' && answer !== '' ? answer : undefined;
};

export const numberAnswer = (answers: Answers, name: string): number | undefined => {
  const text = textAnswer(answers, name);
  return text === undefined ? undefined : Number(text);
};

export const listAnswer = (answers: Answers, name: string): readonly string[] =>
  [answers[name] ?? []].flat().filter((value) => value !== '');

export const toggleAnswer = (answers: Answers, name: string): boolean => answers[name] === 'true';

/** Without the members that are undefined: a strict schema wants them absent. */
export const present = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
