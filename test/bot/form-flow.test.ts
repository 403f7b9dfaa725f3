import { describe, expect, test } from 'vitest';
import { keepTyped, givenAnswers, stepOfField } from '../../src/bot/form-flow.ts';
import type { Form } from '../../src/bot/feature.ts';

const nothing = async () => ({ title: 'x', submit: 'x', fields: [] });
const form: Form = {
  name: 'x',
  needs: 'see',
  steps: [
    { fields: ['name'], draw: nothing },
    { fields: ['choices.', 'tick'], applies: ({ asked }) => asked !== undefined, draw: nothing },
    { fields: [], draw: nothing },
  ],
  submit: async () => ({ kind: 'refused', text: '' }),
};

describe('a name that ends with a dot', () => {
  test('stands for all names that begin so, and for nothing else', () => {
    const typed = { 'choices.EE.mode': 'new', tick: 'true', name: 'no', choices: 'no', asked: 'no' };
    expect(keepTyped({ name: 'yes' }, ['choices.', 'tick'], typed)).toEqual({
      name: 'yes',
      'choices.EE.mode': 'new',
      tick: 'true',
    });
  });

  test('what was cleared is kept as empty', () => {
    const kept = { name: 'yes', 'choices.EE.mode': 'new', tick: 'true' };
    expect(keepTyped(kept, ['choices.', 'tick'], {})).toEqual({ name: 'yes', 'choices.EE.mode': '', tick: '' });
  });

  test('what a step found out stays beside the answers; answers of a step that is not shown do not', () => {
    const kept = { name: 'a', asked: ['EE'], 'choices.EE.mode': 'new', tick: '' };
    expect(givenAnswers(form, kept)).toEqual({ name: 'a', asked: ['EE'], 'choices.EE.mode': 'new' });
    expect(givenAnswers(form, { ...kept, asked: [] })).toEqual({ name: 'a' });
  });

  test('a complaint finds its step', () => {
    const answers = { name: 'a', asked: ['EE'] };
    expect(stepOfField(form, answers, 2, 'choices.EE.startsOn')).toBe(1);
    expect(stepOfField(form, answers, 0, 'choices.EE.startsOn')).toBeUndefined();
    expect(stepOfField(form, { name: 'a' }, 2, 'choices.EE.startsOn')).toBeUndefined();
    expect(stepOfField(form, answers, 2, 'hash')).toBeUndefined();
  });
});
