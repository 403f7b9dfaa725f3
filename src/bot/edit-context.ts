import type { Answers, Args, Field } from './view.ts';

/**
 * A form that edits keeps what was stored when it was opened, beside what it is about: each field shows that, and what
 * is sent is only what the person changed. So two people who change different things do not undo each other.
 */
const prefix = 'was.';
const between = '\n';

/** What is stored, as answers, in the form that a form's context carries. */
export const keepStored = (stored: Answers): Args =>
  Object.fromEntries(Object.entries(stored).map(([name, value]) => [`${prefix}${name}`, [value].flat().join(between)]));

const storedIn = (context: Args, name: string): string | undefined => context[`${prefix}${name}`];

/** What was stored when the form was opened. Names in `lists` are answered with several values. */
export const storedAnswers = (context: Args, lists: readonly string[] = []): Answers =>
  Object.fromEntries(
    Object.entries(context).flatMap(([key, text]) => {
      const name = key.slice(prefix.length);
      if (!key.startsWith(prefix) || text === '') return [];
      return [[name, lists.includes(name) ? text.split(between) : text]];
    }),
  );

/** The field with what is stored in place of its default; a choice that is not offered any more is left open. */
export const withStored = (field: Field, context: Args): Field => {
  const text = storedIn(context, field.name);
  if (text === undefined) return field;
  const { value: _default, ...empty } = field;
  if (text === '' && field.kind !== 'toggle') return empty as Field;
  switch (field.kind) {
    case 'select':
      return field.options.some(({ value }) => value === text) ? { ...field, value: text } : (empty as Field);
    case 'multi':
      return { ...field, value: text.split(between) };
    case 'toggle':
      return { ...field, value: text === 'true' };
    case 'lookup':
    case 'file':
      return field;
    case 'text':
    case 'email':
    case 'number':
    case 'date':
      return { ...field, value: text };
  }
};
