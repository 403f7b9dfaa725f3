import { describe, expect, test } from 'vitest';
import { faultsOfBlocks, faultsOfSuggestions, faultsOfView } from '../../playground/slack/block-kit.ts';

const x = (length: number): string => 'x'.repeat(length);
const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const option = (text: string, value = text) => ({ text: plain(text), value });
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
const button = (more: object = {}) => ({ type: 'button', text: plain('Go'), action_id: 'go', ...more });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const input = (element: object, more: object = {}) => ({ type: 'input', label: plain('Name'), element, ...more });
const text = { type: 'plain_text_input', action_id: 'name' };
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe('blocks of a message', () => {
  test.for<[string, object[]]>([
    [
      'a full message',
      [{ type: 'header', text: plain(x(150)) }, section(x(3000)), { type: 'divider' }, actions(button())],
    ],
    ['50 blocks', many(50, () => ({ type: 'divider' }))],
    ['25 buttons', [actions(...many(25, (i) => button({ action_id: `b${i}` })))]],
    ['the same action_id in two blocks', [actions(button()), actions(button())]],
    ['ten fields', [{ type: 'section', fields: many(10, () => mrkdwn(x(2000))) }]],
    [
      'a select with 100 options',
      [actions({ type: 'static_select', action_id: 's', options: many(100, (i) => option(`o${i}`)) })],
    ],
    ['a picture from a file', [{ type: 'image', alt_text: 'Chart', slack_file: { id: 'F1' } }]],
    ['a table', [{ type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] }]],
  ])('takes %s', ([, blocks]) => {
    expect(faultsOfBlocks(blocks)).toEqual([]);
  });

  test.for<[string, unknown, RegExp]>([
    ['51 blocks', many(51, () => ({ type: 'divider' })), /no more than 50 items allowed \[json-pointer:\/blocks\]/],
    ['no list', {}, /must be an array/],
    ['an unknown block', [{ type: 'marquee' }], /unsupported type: marquee \[json-pointer:\/blocks\/0\/type\]/],
    ['an input', [input(text)], /unsupported type: input/],
    [
      'a section text of 3001',
      [section(x(3001))],
      /must be less than 3001 characters \[json-pointer:\/blocks\/0\/text\/text\]/,
    ],
    ['an empty section text', [section('')], /must be more than 0 characters/],
    ['a section without words', [{ type: 'section' }], /must provide either text or fields/],
    ['eleven fields', [{ type: 'section', fields: many(11, () => mrkdwn('x')) }], /no more than 10 items/],
    ['a field of 2001', [{ type: 'section', fields: [mrkdwn(x(2001))] }], /less than 2001/],
    ['a header of 151', [{ type: 'header', text: plain(x(151)) }], /less than 151/],
    ['a header in mrkdwn', [{ type: 'header', text: mrkdwn('*x*') }], /valid enum value: plain_text/],
    ['26 elements', [actions(...many(26, (i) => button({ action_id: `b${i}` })))], /no more than 25 items/],
    ['no elements', [actions()], /no fewer than 1 items/],
    ['a button text of 76', [actions(button({ text: plain(x(76)) }))], /less than 76/],
    ['a button in mrkdwn', [actions(button({ text: mrkdwn('Go') }))], /plain_text/],
    ['a value of 2001', [actions(button({ value: x(2001) }))], /less than 2001/],
    ['an action_id of 256', [actions(button({ action_id: x(256) }))], /less than 256/],
    ['a block_id of 256', [{ type: 'divider', block_id: x(256) }], /less than 256/],
    [
      'a block_id twice',
      [
        { type: 'divider', block_id: 'a' },
        { type: 'divider', block_id: 'a' },
      ],
      /block_id already exists: a/,
    ],
    ['an action_id twice in a block', [actions(button(), button())], /`action_id` "go" already exists/],
    ['a made-up style', [actions(button({ style: 'huge' }))], /valid enum value: primary, danger/],
    ['a made-up property', [actions(button({ colour: 'red' }))], /invalid additional property: colour/],
    [
      '101 options',
      [actions({ type: 'static_select', options: many(101, (i) => option(`o${i}`)) })],
      /no more than 100/,
    ],
    ['an option text of 76', [actions({ type: 'static_select', options: [option(x(76), 'v')] })], /less than 76/],
    [
      'options and groups',
      [actions({ type: 'static_select', options: [option('a')], option_groups: [] })],
      /either options or option_groups/,
    ],
    [
      'a choice that is not offered',
      [actions({ type: 'static_select', options: [option('a')], initial_option: option('b') })],
      /exactly match/,
    ],
    [
      'six overflow entries',
      [{ ...section('x'), accessory: { type: 'overflow', options: many(6, (i) => option(`o${i}`)) } }],
      /no more than 5/,
    ],
    ['a typed field beside a section', [{ ...section('x'), accessory: text }], /unsupported type: plain_text_input/],
    [
      'a picture without words',
      [{ type: 'image', image_url: 'https://x.example/a.png' }],
      /missing required field: alt_text/,
    ],
    ['a date that is none', [actions({ type: 'datepicker', initial_date: '5 March' })], /valid date/],
    [
      'a confirm text of 301',
      [actions(button({ confirm: { title: plain('t'), text: plain(x(301)), confirm: plain('y'), deny: plain('n') } }))],
      /less than 301/,
    ],
  ])('refuses %s', ([, blocks, fault]) => {
    expect(faultsOfBlocks(blocks).join('\n')).toMatch(fault);
  });
});

describe('views', () => {
  const modal = (more: object = {}) => ({
    type: 'modal',
    title: plain('New plan'),
    submit: plain('Save'),
    blocks: [input(text)],
    ...more,
  });

  test('takes a modal and a home', () => {
    expect(
      faultsOfView(
        modal({ private_metadata: x(3000), blocks: many(100, (i) => input({ ...text }, { block_id: `b${i}` })) }),
        'modal',
      ),
    ).toEqual([]);
    expect(faultsOfView({ type: 'home', blocks: [section('x'), input(text)] }, 'home')).toEqual([]);
  });

  test.for<[string, 'modal' | 'home', object, RegExp]>([
    [
      'a title of 25',
      'modal',
      modal({ title: plain(x(25)) }),
      /less than 25 characters \[json-pointer:\/view\/title\/text\]/,
    ],
    ['a submit of 25', 'modal', modal({ submit: plain(x(25)) }), /less than 25/],
    ['a close of 25', 'modal', modal({ close: plain(x(25)) }), /less than 25/],
    ['no title', 'modal', { type: 'modal', blocks: [] }, /missing required field: title/],
    [
      'inputs without submit',
      'modal',
      { type: 'modal', title: plain('t'), blocks: [input(text)] },
      /`submit` is required/,
    ],
    ['101 blocks', 'modal', modal({ blocks: many(101, () => ({ type: 'divider' })) }), /no more than 100/],
    ['metadata of 3001', 'modal', modal({ private_metadata: x(3001) }), /less than 3001/],
    ['metadata that is no text', 'modal', modal({ private_metadata: { a: 1 } }), /must be a string/],
    ['a label of 2001', 'modal', modal({ blocks: [input(text, { label: plain(x(2001)) })] }), /less than 2001/],
    ['a label in mrkdwn', 'modal', modal({ blocks: [input(text, { label: mrkdwn('x') })] }), /plain_text/],
    ['a button as an input', 'modal', modal({ blocks: [input(button())] }), /unsupported type: button/],
    [
      'a number without is_decimal_allowed',
      'modal',
      modal({ blocks: [input({ type: 'number_input' })] }),
      /is_decimal_allowed/,
    ],
    [
      'a number as a number',
      'modal',
      modal({ blocks: [input({ type: 'number_input', is_decimal_allowed: false, min_value: 1 })] }),
      /valid number/,
    ],
    [
      'two focused fields',
      'modal',
      modal({ blocks: [input({ ...text, focus_on_load: true }), input({ ...text, focus_on_load: true })] }),
      /focus_on_load/,
    ],
    [
      'a home with a title',
      'home',
      { type: 'home', title: plain('x'), blocks: [] },
      /invalid additional property: title/,
    ],
    ['a modal as a home', 'home', modal(), /valid enum value: home/],
    [
      'a table',
      'modal',
      modal({ blocks: [{ type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] }] }),
      /unsupported type: table/,
    ],
  ])('refuses %s', ([, type, view, fault]) => {
    expect(faultsOfView(view, type).join('\n')).toMatch(fault);
  });

  test('checks what a search answers with', () => {
    expect(faultsOfSuggestions({ options: [option('a')] })).toEqual([]);
    expect(faultsOfSuggestions({ options: [option(x(76), 'v')] })[0]).toMatch(/less than 76/);
    expect(faultsOfSuggestions({ options: many(101, (i) => option(`o${i}`)) })[0]).toMatch(/no more than 100/);
    expect(faultsOfSuggestions({})[0]).toMatch(/must be an array/);
  });
});
