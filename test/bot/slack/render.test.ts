import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faultsOfBlocks, faultsOfView } from '../../../playground/slack/block-kit.ts';
import type { OpenForm } from '../../../src/bot/desk.ts';
import {
  renderForm,
  renderHome,
  renderLine,
  renderMessage,
  renderMessageView,
  renderOptions,
  skeletonView,
  TooBigForSlack,
  workingView,
} from '../../../src/bot/slack/render.ts';
import { fitted } from '../../../src/bot/format.ts';
import { pieces } from '../../../src/bot/slack/text.ts';
import { bold, limits, type Block, type Button, type Field, type Message, type Text } from '../../../src/bot/view.ts';

const links = { urlOf: (fileId: string) => `https://desk.example/files/${fileId}?signed` };
const message = (...blocks: Block[]): Message => ({ title: 'Title', blocks });
const drawn = (...blocks: Block[]) => {
  const { blocks: out } = renderMessage(message(...blocks), links);
  expect(faultsOfBlocks(out)).toEqual([]);
  return out.slice(1) as unknown as Record<string, never>[];
};
const form = (fields: readonly Field[], over: Partial<OpenForm> = {}): OpenForm => ({
  draftId: 'd-1',
  view: { title: 'Form', submit: 'Save', fields },
  step: 1,
  steps: 1,
  errors: {},
  ...over,
});
const asView = (open: OpenForm) => {
  const view = renderForm(open, links);
  expect(faultsOfView(view, 'modal')).toEqual([]);
  return view as unknown as { blocks: Record<string, never>[] } & Record<string, never>;
};

/** Names that Slack would act upon if it took them for markup. */
const hostile = [
  '<!channel> *A&B*',
  '<@U0LEO> <#C1|x> <https://evil.example|bank>',
  '*bold* _it_ ~no~ `code` ```pre```',
  '> quoted',
  ':tada: :smile:',
  '&lt;!here&gt; &amp;',
  'line\nbreak',
  'a|b>c',
  '日本語の名前 🙂',
  'https://evil.example @channel',
];

/** Every text object of a drawing, at any depth. */
const texts = (value: unknown): { type: string; text: string; verbatim?: boolean }[] => {
  if (Array.isArray(value)) return value.flatMap(texts);
  if (typeof value !== 'object' || value === null) return [];
  const own = value as Record<string, unknown>;
  return [
    ...(typeof own.text === 'string' ? [own as { type: string; text: string }] : []),
    ...Object.values(own).flatMap(texts),
  ];
};
/** What a reader sees of mrkdwn: our bold and the three escapes undone. */
const seen = ({ type, text }: { type: string; text: string }): string =>
  type === 'mrkdwn'
    ? text
        .replaceAll(/\*([^*]*)\*/g, '$1')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&')
    : text;
/** Everything that carries a name somewhere. */
const everywhere = (name: string): Block[] => [
  { kind: 'text', text: name },
  { kind: 'text', text: ['before ', bold(name), ' after'] },
  { kind: 'heading', text: name },
  { kind: 'notice', tone: 'warning', text: ['Mind ', bold(name)] },
  { kind: 'facts', facts: [{ label: name, value: [bold(name)] }] },
  { kind: 'rows', rows: [{ title: name, detail: name, button: { kind: 'run', label: name, action: 'a', args: {} } }] },
  { kind: 'table', columns: [{ label: name }], rows: [[name]] },
  { kind: 'compare', labels: [name, name], rows: [{ name: [bold(name), ' moves'], before: name, after: '' }] },
  { kind: 'context', text: [bold(name), ' x'] },
  { kind: 'file', fileId: 'f', name },
  { kind: 'image', fileId: 'f', alt: name },
];

describe('names are shown as typed', () => {
  test.for(hostile)('%s', (name) => {
    const { blocks, text } = renderMessage({ title: name, blocks: everywhere(name) }, links);
    expect(faultsOfBlocks(blocks)).toEqual([]);
    expect(text).not.toMatch(/<[!@#h]/);
    const found = texts(blocks);
    for (const object of found.filter(({ type }) => type === 'mrkdwn')) {
      expect(object.verbatim).toBe(true);
      expect(object.text).not.toMatch(/[<>]/);
      // Nothing but our own bold may be markup.
      expect(object.text.replaceAll(/(?<=^|[\s·])\*[^*\n]+\*(?=$|\s)/gm, '')).not.toMatch(/[*~`]|:[a-z]+:|^&gt;/m);
    }
    const words = name.replaceAll(/\s*\n\s*/g, ' ');
    const carriers = found.filter((object) =>
      seen(object)
        .replaceAll(/\s*\n\s*/g, ' ')
        .includes(words),
    );
    expect(carriers.length).toBeGreaterThanOrEqual(10);
  });

  test('plain names are bold where Slack certainly understands it', () => {
    const [row] = drawn({ kind: 'rows', rows: [{ title: 'Acme GmbH', detail: 'acme_01 · Berlin' }] });
    expect(row).toMatchObject({ text: { type: 'mrkdwn', text: '*Acme GmbH*\nacme_01 · Berlin' } });
  });

  test('bold beside a letter is not risked', () => {
    const facts = [{ label: 'Units', value: [bold('25'), 'seats'] as Text }];
    expect(drawn({ kind: 'facts', facts })[0]).toMatchObject({
      fields: [{ type: 'plain_text', text: 'Units\n25seats' }],
    });
  });

  test('a link that cannot be drawn keeps its address', () => {
    const text: Text = [{ text: '*x*', link: 'https://desk.example/a' }];
    expect(JSON.stringify(drawn({ kind: 'context', text }))).toContain('*x* (https://desk.example/a)');
    expect(drawn({ kind: 'text', text })[0]).toMatchObject({
      type: 'rich_text',
      elements: [{ elements: [{ type: 'link', url: 'https://desk.example/a', text: '*x*' }] }],
    });
  });
});

describe('blocks', () => {
  test('buttons carry their arguments as JSON, readable ids that are unique in the message, and their confirmation', () => {
    const run: Button = {
      kind: 'run',
      label: 'Go',
      action: 'go',
      args: { id: '1' },
      style: 'danger',
      confirm: { title: 'Sure?', text: 'It goes.', ok: 'Go' },
    };
    const [row, actions] = drawn(
      { kind: 'rows', rows: [{ title: 'Acme', button: run }] },
      {
        kind: 'buttons',
        buttons: [
          run,
          { kind: 'form', label: 'Edit', form: 'plan edit', context: { plan: '2' } },
          { kind: 'link', label: 'Open', url: 'https://x.example' },
        ],
      },
    );
    expect(row).toMatchObject({
      accessory: { action_id: 'run:go', value: '{"id":"1"}', accessibility_label: 'Go Acme' },
    });
    expect(actions).toMatchObject({
      elements: [
        {
          action_id: 'run:go#2',
          style: 'danger',
          confirm: { title: { text: 'Sure?' }, confirm: { text: 'Go' }, style: 'danger' },
        },
        { action_id: 'form:plan edit', value: '{"plan":"2"}' },
        { action_id: 'link', url: 'https://x.example' },
      ],
    });
  });

  test.for([
    [1, 3, ['Next ›'], ['2']],
    [2, 3, ['‹ Previous', 'Next ›'], ['1', '3']],
    [3, 3, ['‹ Previous'], ['2']],
  ] as const)('page %s of %s offers %s', ([page, pages, labels, targets]) => {
    const [where, actions] = drawn({ kind: 'pager', action: 'p', args: { q: 'x' }, page, pages });
    expect(where).toMatchObject({ elements: [{ text: `Page ${page} of ${pages}` }] });
    const elements = (actions as unknown as { elements: { text: { text: string }; value: string }[] }).elements;
    expect(elements.map(({ text }) => text.text)).toEqual(labels);
    expect(elements.map(({ value }) => JSON.parse(value) as object)).toEqual(
      targets.map((to) => ({ q: 'x', page: to })),
    );
  });

  test('one page needs no pager', () => {
    expect(drawn({ kind: 'pager', action: 'p', args: {}, page: 1, pages: 1 })).toEqual([]);
  });

  test('a table keeps its columns in line, also under wide letters', () => {
    const columns = [{ label: 'Name' }, { label: 'Units', align: 'right' as const }];
    const [table] = drawn({
      kind: 'table',
      columns,
      rows: [
        ['桜', '5'],
        ['Acme', '1,200'],
      ],
    });
    expect(table).toMatchObject({
      elements: [
        { type: 'rich_text_preformatted', elements: [{ text: 'Name  Units\n────  ─────\n桜        5\nAcme  1,200' }] },
      ],
    });
  });

  test('before and after stand in two columns under their labels', () => {
    const rows = [
      { name: [bold('Mail'), ' moves'] as Text, before: 'Old\n25', after: 'New\n30' },
      { name: 'Web', before: '', after: 'New' },
    ];
    expect(drawn({ kind: 'compare', labels: ['Before', 'After'], rows })).toMatchObject([
      { fields: [{ text: '*Before*' }, { text: '*After*' }] },
      { text: { text: '*Mail* moves' }, fields: [{ text: 'Old\n25' }, { text: 'New\n30' }] },
      { fields: [{ text: '—' }, { text: 'New' }] },
    ]);
    expect(drawn({ kind: 'compare', labels: ['Before', 'After'], rows: [] })).toEqual([]);
  });

  test('pictures and files go by signed link', () => {
    expect(
      JSON.stringify(
        drawn({ kind: 'image', fileId: 'i1', alt: 'Chart' }, { kind: 'file', fileId: 'f1', name: 'a.xlsx' }),
      ),
    ).toMatch(/files\/i1\?signed.*files\/f1\?signed/);
  });

  test('no text is lost, however long', () => {
    const long = Array.from({ length: 2000 }, (_, index) => `word${index}`).join(' ');
    const all = texts(
      drawn({ kind: 'text', text: long }, { kind: 'facts', facts: [{ label: 'Reason', value: long }] }),
    );
    expect(
      all
        .filter(({ text }) => text !== 'Reason')
        .map(({ text }) => text)
        .join(''),
    ).toBe(long + long);
  });

  test.for<[string, Block[]]>([
    ['rows', [{ kind: 'rows', rows: Array.from({ length: 21 }, () => ({ title: 'x' })) }]],
    ['facts', [{ kind: 'facts', facts: Array.from({ length: 11 }, () => ({ label: 'x', value: 'y' })) }]],
    [
      'buttons',
      [
        {
          kind: 'buttons',
          buttons: Array.from({ length: 6 }, () => ({ kind: 'link' as const, label: 'x', url: 'https://x.example' })),
        },
      ],
    ],
    [
      'arguments',
      [{ kind: 'buttons', buttons: [{ kind: 'run', label: 'x', action: 'a', args: { a: 'x'.repeat(2000) } }] }],
    ],
    ['blocks', Array.from({ length: 50 }, () => ({ kind: 'divider' as const }))],
  ])('too many or too big %s is a defect, never cut', ([, blocks]) => {
    expect(() => renderMessage(message(...blocks), links)).toThrow(TooBigForSlack);
  });
});

describe('forms', () => {
  const options = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ value: `v${index}`, label: `L${index}` }));
  const every: Field[] = [
    { kind: 'text', name: 'text', label: 'Text', value: 'v', placeholder: 'p', hint: 'h', maxLength: 80 },
    { kind: 'text', name: 'long', label: 'Long', multiline: true, optional: true },
    { kind: 'email', name: 'email', label: 'E-mail', value: 'a@b.example' },
    { kind: 'number', name: 'number', label: 'Number', value: '5', minimum: 1, maximum: 9 },
    { kind: 'date', name: 'date', label: 'Date', value: '2026-03-05' },
    { kind: 'select', name: 'select', label: 'Select', options: options(100), value: 'v7' },
    { kind: 'multi', name: 'few', label: 'Few', options: options(10), value: ['v1', 'v2'] },
    { kind: 'multi', name: 'many', label: 'Many', options: options(11), value: ['v1'] },
    { kind: 'lookup', name: 'lookup', label: 'Lookup', source: 'plan', value: { value: 'p', label: 'Plan' } },
    { kind: 'toggle', name: 'toggle', label: 'Toggle', value: true },
  ];

  test('every field is drawn with its value; its block is named after it', () => {
    const { blocks, private_metadata } = asView(form(every));
    expect(private_metadata).toBe('d-1');
    expect(blocks.map(({ block_id }) => block_id)).toEqual(every.map(({ name }) => name));
    expect(blocks.map(({ element }) => (element as unknown as { type: string }).type)).toEqual([
      'plain_text_input',
      'plain_text_input',
      'email_text_input',
      'number_input',
      'datepicker',
      'static_select',
      'checkboxes',
      'multi_static_select',
      'external_select',
      'checkboxes',
    ]);
    expect(JSON.stringify(blocks)).toContain('"min_query_length":0');
  });

  test.for<Field>([
    { kind: 'number', name: 'n', label: 'N', value: '100', maximum: 9 },
    { kind: 'number', name: 'n', label: 'N', value: 'many' },
    { kind: 'date', name: 'd', label: 'D', value: 'tomorrow' },
    { kind: 'select', name: 's', label: 'S', options: options(2), value: 'gone' },
    { kind: 'multi', name: 'm', label: 'M', options: options(2), value: ['gone'] },
  ])('a value that Slack would refuse does not cost the form: $kind', (field) => {
    expect(JSON.stringify(asView(form([field])))).not.toContain('initial');
  });

  test('an empty choice says so', () => {
    const empty: Field[] = [{ kind: 'select', name: 's', label: 'Plan', options: [] }];
    expect(JSON.stringify(asView(form(empty)).blocks)).toContain('Plan: there is nothing to choose from.');
  });

  test('steps, Back and complaints stand where they belong', () => {
    const { blocks } = asView(
      form(every.slice(0, 2), { step: 2, steps: 3, errors: { '': 'Stale.', text: 'Too short.' } }),
    );
    const said = texts(blocks).map(({ text }) => text);
    expect(said[0]).toBe('Step 2 of 3');
    expect(said[1]).toBe('⛔ Stale.');
    expect(said.indexOf('⛔ Too short.')).toBeGreaterThan(said.indexOf('Text'));
    expect(said.indexOf('⛔ Too short.')).toBeLessThan(said.indexOf('Long'));
    expect(blocks.at(-1)).toMatchObject({ elements: [{ action_id: 'back' }] });
  });

  test('the way on stands at the first complaint, and a box that confirms is not optional', () => {
    const wayOn = { label: 'Open the crossgrade', form: 'crossgrade', context: { plan: 'p' } };
    const confirms: Field = { kind: 'toggle', name: 'sure', label: 'Sure', confirms: true };
    const { blocks } = asView(form([...every.slice(0, 2), confirms], { errors: { text: 'Has it already.' }, wayOn }));
    const at = blocks.findIndex(({ type }) => type === 'actions');
    expect(blocks[at]).toMatchObject({ elements: [{ action_id: 'go:crossgrade', value: '{"plan":"p"}' }] });
    expect(blocks.findIndex(({ block_id }) => block_id === 'text')).toBe(at - 2);
    expect(blocks.find(({ block_id }) => block_id === 'sure')).toMatchObject({ optional: false });
    expect(asView(form([every.at(-1)!])).blocks[0]).toMatchObject({ optional: true });
  });

  test('the views that are ours alone are sound', () => {
    for (const view of [skeletonView(), workingView(), renderMessageView(message(...everywhere('x')), links)]) {
      expect(faultsOfView(view, 'modal')).toEqual([]);
    }
    expect(faultsOfView(renderHome(message(...everywhere('x')), links), 'home')).toEqual([]);
    expect(faultsOfBlocks(renderLine('No.', 'warning').blocks)).toEqual([]);
  });

  test('a long label in a list ends in an ellipsis', () => {
    expect(renderOptions([{ value: 'v', label: 'x'.repeat(80) }])[0]!.text.text).toBe(`${'x'.repeat(74)}…`);
  });
});

describe('whatever the words', () => {
  const words = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.constantFrom(...hostile),
    fc
      .tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 9 }), fc.integer({ min: 200, max: 900 }))
      .map(([part, times]) => part.repeat(times)),
  );

  test('a message is within the limits', () => {
    fc.assert(
      fc.property(
        words.filter((name) => name.trim() !== ''),
        (name) => {
          const { blocks } = renderMessage({ title: name, blocks: everywhere(name.slice(0, 1900)) }, links);
          expect(faultsOfBlocks(blocks)).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('a line in small print that only its escapes make too long stays whole', () => {
    const long = '& '.repeat(900).trim();
    const { blocks } = renderMessage({ title: 'x', blocks: [{ kind: 'context', text: [bold(long), ' x'] }] }, links);
    expect(faultsOfBlocks(blocks)).toEqual([]);
    expect(JSON.stringify(blocks)).toContain(long);
  });

  test('pieces fit, lose nothing and cut no character in half', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 500 }), fc.integer({ min: 2, max: 60 }), (text, max) => {
        const cut = pieces(text, max);
        expect(cut.join('')).toBe(text);
        expect(cut.every((piece) => piece.length <= max)).toBe(true);
        if (text.isWellFormed()) expect(cut.every((piece) => piece.isWellFormed())).toBe(true);
        expect(fitted(text, max).length).toBeLessThanOrEqual(max);
        if (text.isWellFormed()) expect(fitted(text, max).isWellFormed()).toBe(true);
      }),
    );
  });

  test('the limits of the neutral view are within Slack’s', () => {
    const facts = Array.from({ length: limits.facts }, () => ({
      label: 'L',
      value: 'v'.repeat(limits.factValue - 10),
    }));
    const columns = Array.from({ length: limits.tableColumns }, () => ({ label: 'Column' }));
    const rows = Array.from({ length: limits.tableRows }, () => columns.map(() => 'cell'));
    drawn(
      { kind: 'facts', facts },
      { kind: 'table', columns, rows },
      { kind: 'rows', rows: Array.from({ length: limits.rows }, () => ({ title: 'x'.repeat(500) })) },
    );
  });
});
