import { invalid } from '../core/errors.ts';
import { refusalText } from '../texts/refusal-text.ts';
import type { Ask, Form, Lookup } from './feature.ts';
import type { Answers, Field, Option } from './view.ts';

type Complaints = Readonly<Record<string, string>>;

/** Places (from 0) of the steps that are shown, given what was answered. */
export const shownSteps = (form: Form, answers: Answers): readonly number[] =>
  form.steps.flatMap((step, index) => (step.applies?.(answers) === false ? [] : [index]));

const isEmpty = (value: string | readonly string[] | undefined): boolean =>
  value === undefined || (typeof value === 'string' ? value.trim() === '' : value.length === 0);

/** Whether a step that names its fields so has this one. */
const isNamed = (fields: readonly string[], name: string): boolean =>
  fields.some((field) => (field.endsWith('.') ? name.startsWith(field) : name === field));

/**
 * What a draft keeps after a step was typed into: the step's answers replace its earlier ones. A field left empty is
 * kept as empty, so that a form drawn again does not bring back a default that the person had cleared. What does not
 * belong to the step is not believed.
 */
export const keepTyped = (kept: Answers, fields: readonly string[], typed: Answers): Answers => ({
  ...kept,
  ...Object.fromEntries(Object.keys(kept).flatMap((name) => (isNamed(fields, name) ? [[name, '']] : []))),
  ...Object.fromEntries(fields.flatMap((name) => (name.endsWith('.') ? [] : [[name, '']]))),
  ...Object.fromEntries(Object.entries(typed).filter(([name]) => isNamed(fields, name))),
});

/** Answers as features see them: empty ones are absent, and so are those of steps that are not shown. */
export const givenAnswers = (form: Form, kept: Answers): Answers => {
  const filled = Object.fromEntries(Object.entries(kept).filter(([, value]) => !isEmpty(value)));
  const shown = new Set(shownSteps(form, filled));
  const [shownFields, hiddenFields] = [true, false].map((isShown) =>
    form.steps.flatMap((step, index) => (shown.has(index) === isShown ? step.fields : [])),
  ) as [string[], string[]];
  return Object.fromEntries(
    Object.entries(filled).filter(([name]) => isNamed(shownFields, name) || !isNamed(hiddenFields, name)),
  );
};

/** The step (at most `current`) to which a complaint about `field` belongs; undefined: to none of them. */
export const stepOfField = (form: Form, answers: Answers, current: number, field: string): number | undefined =>
  shownSteps(form, answers).findLast((index) => index <= current && isNamed(form.steps[index]!.fields, field));

const complaintOf = (field: Field, answer: string | readonly string[] | undefined): string | null => {
  const say = (code: string, params: Record<string, string | number> = {}): string =>
    refusalText(invalid(code, field.name, params));
  if (isEmpty(answer)) return field.optional || field.kind === 'toggle' ? null : say('input.required');
  const text = typeof answer === 'string' ? answer.trim() : '';
  switch (field.kind) {
    case 'text':
      return field.maxLength !== undefined && text.length > field.maxLength
        ? say('input.too_long', { maximum: field.maxLength })
        : null;
    case 'number': {
      if (!/^-?\d+(\.\d+)?$/.test(text)) return say('input.not_number');
      if (field.minimum !== undefined && Number(text) < field.minimum)
        return say('input.too_small', { minimum: field.minimum });
      if (field.maximum !== undefined && Number(text) > field.maximum)
        return say('input.too_big', { maximum: field.maximum });
      return null;
    }
    case 'date':
      return isDay(text) ? null : say('input.not_date');
    case 'select':
      return field.options.some(({ value }) => value === text) ? null : say('input.invalid');
    case 'multi': {
      const offered = new Set(field.options.map(({ value }) => value));
      return [answer!].flat().every((value) => offered.has(value)) ? null : say('input.invalid');
    }
    case 'email':
    case 'lookup':
    case 'toggle':
    case 'file':
      return null;
  }
};

const isDay = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  return month >= 1 && month <= 12 && day >= 1 && day <= Temporal.PlainYearMonth.from({ year, month }).daysInMonth;
};

/** What can be said about a step's answers from its fields alone, whatever the client checked; by field name. */
export const complaintsOf = (fields: readonly Field[], answers: Answers): Complaints =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const complaint = complaintOf(field, answers[field.name]);
      return complaint === null ? [] : [[field.name, complaint]];
    }),
  );

/** The chosen option of a lookup, with its label again: only the value was kept. */
const chosenOption = async (ask: Ask, lookup: Lookup | undefined, value: string): Promise<Option> =>
  (await lookup?.find(ask, value))?.find((option) => option.value === value) ?? { value, label: value };

/** The field as drawn, with what was typed before in place of its default. */
export const withAnswer = async (
  ask: Ask,
  lookups: ReadonlyMap<string, Lookup>,
  field: Field,
  kept: Answers,
): Promise<Field> => {
  if (!Object.hasOwn(kept, field.name)) return field;
  const answer = kept[field.name]!;
  const { value: _default, ...empty } = field;
  if (isEmpty(answer)) return empty as Field;
  const text = typeof answer === 'string' ? answer : (answer[0] ?? '');
  switch (field.kind) {
    case 'file':
      // No platform lets a form be drawn with a file in it.
      return field;
    case 'multi':
      return { ...field, value: [answer].flat() };
    case 'toggle':
      return { ...field, value: text === 'true' };
    case 'lookup':
      return field.value?.value === text
        ? field
        : { ...field, value: await chosenOption(ask, lookups.get(field.source), text) };
    case 'text':
    case 'email':
    case 'number':
    case 'date':
    case 'select':
      return { ...field, value: text };
  }
};
