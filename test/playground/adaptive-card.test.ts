import { describe, expect, test } from 'vitest';
import { actionsOf, faultsOfCard, inputsOf, textsOf } from '../../playground/teams/adaptive-card.ts';

const card = (body: unknown[], more: object = {}) => ({ type: 'AdaptiveCard', version: '1.5', body, ...more });
const words = { type: 'TextBlock', text: 'Hello' };
const execute = (title: string) => ({ type: 'Action.Execute', title, verb: title, data: {} });
const choices = { type: 'Input.ChoiceSet', id: 'c', choices: [{ title: 'A', value: 'a' }] };

describe('cards that Teams takes', () => {
  test.for<[string, object]>([
    ['words and six actions', card([words], { actions: Array.from({ length: 6 }, (_, i) => execute(`a${i}`)) })],
    [
      'rows of columns',
      card([
        {
          type: 'ColumnSet',
          columns: [
            { type: 'Column', items: [words] },
            { type: 'Column', items: [{ type: 'ActionSet', actions: [execute('Open')] }] },
          ],
        },
      ]),
    ],
    [
      'facts and a table',
      card([
        { type: 'FactSet', facts: [{ title: 'a', value: 'b' }] },
        {
          type: 'Table',
          columns: [{ width: 1 }],
          rows: [{ type: 'TableRow', cells: [{ type: 'TableCell', items: [words] }] }],
        },
      ]),
    ],
    [
      'a search field',
      card([
        {
          type: 'Input.ChoiceSet',
          id: 'c',
          style: 'filtered',
          choices: [],
          'choices.data': { type: 'Data.Query', dataset: 'customers' },
        },
      ]),
    ],
  ])('%s', ([, given]) => {
    expect(faultsOfCard(given)).toEqual([]);
  });
});

describe('cards that Teams refuses', () => {
  test.for<[string, unknown, RegExp]>([
    ['nothing', undefined, /not a card/],
    ['version 1.6', card([words], { version: '1.6' }), /above 1\.5/],
    ['no version', card([words], { version: undefined }), /version/],
    ['another type', { ...card([words]), type: 'Card' }, /not AdaptiveCard/],
    ['an unknown element', card([{ type: 'Badge', text: 'x' }]), /unknown element type Badge/],
    [
      'an unknown element deep inside',
      card([{ type: 'Container', items: [{ type: 'ColumnSet', columns: [{ items: [{ type: 'Chart' }] }] }] }]),
      /items\[0\]\.columns\[0\]\.items\[0\]: unknown element type Chart/,
    ],
    ['a text that is none', card([{ type: 'TextBlock', text: 7 }]), /text is not a text/],
    [
      'seven actions',
      card([words], { actions: Array.from({ length: 7 }, (_, i) => execute(`a${i}`)) }),
      /has 7 actions/,
    ],
    [
      'seven actions in a set',
      card([{ type: 'ActionSet', actions: Array.from({ length: 7 }, (_, i) => execute(`a${i}`)) }]),
      /has 7 actions/,
    ],
    ['an unknown action', card([words], { actions: [{ type: 'Action.Http' }] }), /unknown action type Action\.Http/],
    ['an input without an id', card([{ type: 'Input.Text' }]), /id is missing/],
    ['an id twice', card([choices, { type: 'Container', items: [choices] }]), /input id c is used twice/],
    ['a choice without a value', card([{ ...choices, choices: [{ title: 'A' }] }]), /needs title and value/],
    ['a choice set without choices', card([{ type: 'Input.ChoiceSet', id: 'c' }]), /choices is missing/],
    ['a required input without a label', card([{ type: 'Input.Text', id: 'a', isRequired: true }]), /needs a label/],
    [
      'a fact that is a number',
      card([{ type: 'FactSet', facts: [{ title: 'Seats', value: 7 }] }]),
      /needs title and value as texts/,
    ],
    [
      '61 users to refresh',
      card([words], { refresh: { userIds: Array.from({ length: 61 }, String) } }),
      /more than 60/,
    ],
  ])('%s', ([, given, fault]) => {
    expect(faultsOfCard(given).join('\n')).toMatch(fault);
  });
});

test('finds what can be read, typed into and pressed, wherever it stands', () => {
  const given = card(
    [words, { type: 'Container', items: [choices, { type: 'FactSet', facts: [{ title: 'Units', value: '25' }] }] }],
    { actions: [{ ...execute('Save'), data: { type: 'Action.Decoy', text: 'not shown' } }] },
  );
  expect(actionsOf(given).map((action) => action.title)).toEqual(['Save']);
  expect(inputsOf(given).map((input) => input.id)).toEqual(['c']);
  expect(textsOf(given)).toEqual(['Hello', 'Units: 25', 'Save']);
});
