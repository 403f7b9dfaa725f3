import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { answersOf, inputId, noChoice } from '../../../src/bot/teams/card-data.ts';
import { cardBytes, type Card } from '../../../src/bot/teams/card.ts';
import { formCard, formPromptCard, messageCard, sentenceCard } from '../../../src/bot/teams/render.ts';
import { linesOfRuns, literal, markdown, plain } from '../../../src/bot/teams/text.ts';
import type { OpenForm } from '../../../src/bot/desk.ts';
import { limits, type Block, type Button, type Field } from '../../../src/bot/view.ts';
import { actionsOf, faultsOfCard, inputsOf } from '../../../playground/teams/adaptive-card.ts';

const links = { urlOf: (fileId: string) => `https://desk.example/files/${fileId}?signed` };

/** Names that would act if anything took them for markup. */
const hostile = [
  '<at>everyone</at> **bold** _it_ ~~no~~ `code`',
  '[Approve](https://evil.example)',
  '<https://evil.example> https://evil.example www.evil.com',
  '<b>A&amp;B</b> &lt;script&gt; <img src=x onerror=alert(1)>',
  '# Heading',
  '- item',
  '+ item',
  '1. item',
  '2) item',
  '> quote',
  '---',
  '===',
  '***',
  '| a | b |',
  '{{DATE(2017-02-14T06:08:39Z,LONG)}}',
  '![x](https://evil.example/x.png)',
  'back\\slash \\* \\',
  '    indented as code',
  '\t<!channel> *A&B*',
  'ends with two spaces  ',
  '日本語の名前 Ünïcödé 🙂',
  '${payload} %{x}',
];

const card = (...blocks: Block[]): Card => messageCard({ title: 'Title', blocks }, links);
const form = (over: Partial<OpenForm['view']> = {}, rest: Partial<OpenForm> = {}): OpenForm => ({
  draftId: 'draft-1',
  view: { title: 'Create a plan', submit: 'Save', fields: [], ...over },
  step: 1,
  steps: 1,
  errors: {},
  ...rest,
});
const sound = (drawn: Card): Card => {
  expect(faultsOfCard(drawn)).toEqual([]);
  expect(cardBytes(drawn)).toBeLessThan(limits.teamsBytes);
  return drawn;
};
/** Every element of a card, at any depth. */
const parts = (value: unknown): Record<string, unknown>[] => {
  if (Array.isArray(value)) return value.flatMap(parts);
  if (typeof value !== 'object' || value === null) return [];
  const own = value as Record<string, unknown>;
  return [...(typeof own.type === 'string' ? [own] : []), ...Object.values(own).flatMap(parts)];
};
const runsOf = (drawn: Card): string[] =>
  parts(drawn)
    .filter(({ type }) => type === 'TextRun')
    .map(({ text }) => text as string);

// The strictest reader we know of: HTML on, addresses made links by themselves.
const reader = new MarkdownIt({ html: true, linkify: true });
const unescapeHtml = (html: string): string =>
  html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
const shownBy = (source: string): string => {
  const html = reader.render(source);
  const withoutParagraphs = html.replace(/<\/?p>/g, '');
  expect(withoutParagraphs).not.toMatch(/<[a-z/!]/i);
  return unescapeHtml(withoutParagraphs).trim();
};
const lines = (text: string): string =>
  text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');

describe('text that a Markdown field shows', () => {
  test.for(hostile)('is shown as written: %s', (text) => {
    expect(shownBy(literal(text))).toBe(lines(text));
  });

  test('is shown as written, whatever it is', () => {
    const nasty = fc
      .array(
        fc.oneof(
          fc.constantFrom(...'*_`~[]()<>#+-.!|&;{}\\="\' \n'),
          fc.constantFrom('://', 'www.', 'https://', '&amp;', '&#35;', '1.', '12)', 'a', 'Z9', '<b>', '</b>', 'mail'),
        ),
        { maxLength: 24 },
      )
      .map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(nasty, (text) => {
        expect(shownBy(literal(text))).toBe(lines(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('leaves ordinary names alone', () => {
    for (const name of [
      'Smith & Sons (Pty) Ltd.',
      'jo@northwind.example',
      'Worry-Free Services 1.6',
      '#1 Café',
      "O'Neil",
    ]) {
      if (!name.startsWith('#')) expect(literal(name)).toBe(name);
    }
  });

  test('never carries a date the client would write anew', () => {
    expect(literal('{{DATE(2017-02-14T06:08:39Z)}}')).not.toMatch(/\{\{/);
    const runs = linesOfRuns('{{DATE(2017-02-14T06:08:39Z)}}').flat();
    expect(runs.map(({ text }) => text).join('')).toBe('{{DATE(2017-02-14T06:08:39Z)}}');
    for (const { text } of runs) expect(text).not.toMatch(/\{\{/);
  });

  test('has our own bold and links around it', () => {
    expect(markdown(['Net ', { text: '*288*', bold: true }, ' EUR'])).toBe('Net **\\*288\\*** EUR');
    const link = markdown([{ text: 'a]b', link: 'https://desk.example/a_(b)?x=1' }]);
    expect(link).toBe('[a\\]b](https://desk.example/a_%28b%29?x=1)');
    expect(reader.render(link)).toContain('<a href="https://desk.example/a_%28b%29?x=1">a]b</a>');
    expect(markdown([{ text: 'no', link: 'javascript:alert(1)' }])).toBe('no');
    expect(linesOfRuns([{ text: 'no', link: 'javascript:alert(1)' }])[0]![0]).not.toHaveProperty('selectAction');
    expect(plain(['a', { text: 'b', bold: true }])).toBe('ab');
  });
});

describe('each kind of block', () => {
  const everyBlock = (text: string): readonly Block[] => [
    { kind: 'text', text: [text, { text, bold: true }, { text: 'open', link: 'https://desk.example/x' }] },
    { kind: 'heading', text },
    { kind: 'notice', tone: 'warning', text },
    { kind: 'facts', facts: [{ label: text, value: text }] },
    {
      kind: 'rows',
      rows: [
        {
          title: text,
          detail: text,
          button: { kind: 'run', label: 'Open', action: 'customer.show', args: { id: text } },
        },
        { title: text },
      ],
    },
    { kind: 'table', columns: [{ label: text }, { label: 'Units', align: 'right' }], rows: [[text, '25']] },
    { kind: 'compare', labels: [text, text], rows: [{ name: text, before: text, after: '' }] },
    {
      kind: 'buttons',
      buttons: [
        {
          kind: 'run',
          label: text.slice(0, 75),
          action: 'report.approve',
          args: { report: text },
          style: 'primary',
          confirm: { title: text, text, ok: 'Approve' },
        },
        { kind: 'form', label: 'Reject…', form: 'report.reject', context: { report: text }, style: 'danger' },
        { kind: 'link', label: 'Read', url: 'https://desk.example/read' },
      ],
    },
    { kind: 'pager', action: 'customer.list', args: { search: text }, page: 2, pages: 3 },
    { kind: 'image', fileId: 'file-1', alt: text },
    { kind: 'file', fileId: 'file-2', name: text },
    { kind: 'context', text },
    { kind: 'divider' },
    { kind: 'text', text: 'after' },
  ];

  test.for(hostile)('is a sound card with literal text: %s', (text) => {
    const drawn = sound(messageCard({ title: text, blocks: everyBlock(text) }, links));
    for (const part of parts(drawn)) {
      if (part.type === 'TextBlock') expect(shownBy(part.text as string)).toBeTypeOf('string');
      if (part.type === 'FactSet') {
        for (const { title, value } of part.facts as { title: string; value: string }[]) {
          expect(shownBy(title)).toBe(lines(text));
          expect(shownBy(value)).toBe(lines(text));
        }
      }
      if (part.type === 'TextRun') expect(part.text).not.toMatch(/\{\{/);
    }
    // Rich text is no Markdown: nothing may be escaped there.
    expect(runsOf(drawn).join('')).toContain(text.split('\n')[0]!.slice(0, 3));
    expect(runsOf(drawn).join('')).not.toContain('\\\\*');
  });

  test('text: each line a paragraph, bold and links of our own', () => {
    const drawn = card({
      kind: 'text',
      text: ['one\ntwo ', { text: 'bold', bold: true }, { text: 'l', link: 'https://x.example/' }],
    });
    expect(drawn.body.slice(1)).toMatchObject([
      { type: 'RichTextBlock', inlines: [{ text: 'one' }] },
      {
        type: 'RichTextBlock',
        inlines: [
          { text: 'two ' },
          { text: 'bold', weight: 'Bolder' },
          { text: 'l', selectAction: { type: 'Action.OpenUrl', url: 'https://x.example/' } },
        ],
      },
    ]);
  });

  test.for([
    ['info', 'accent'],
    ['success', 'good'],
    ['warning', 'warning'],
    ['danger', 'attention'],
  ] as const)('notice %s is a container of style %s', ([tone, style]) => {
    expect(card({ kind: 'notice', tone, text: 'x' }).body[1]).toMatchObject({ type: 'Container', style });
    expect(sentenceCard(tone, 'x')).toMatchObject({ fallbackText: 'x', body: [{ style }] });
  });

  test('rows: the button stands beside its row and names it to a screen reader', () => {
    const button: Button = { kind: 'run', label: 'Assign', action: 'assign', args: { customer: 'c1' } };
    const drawn = card({ kind: 'rows', rows: [{ title: 'Acme', detail: 'Berlin', button }] });
    expect(drawn.body[1]).toMatchObject({
      type: 'ColumnSet',
      columns: [
        {
          width: 'stretch',
          items: [{ inlines: [{ text: 'Acme' }] }, { inlines: [{ text: 'Berlin', isSubtle: true }] }],
        },
        {
          width: 'auto',
          items: [
            {
              type: 'ActionSet',
              actions: [
                {
                  type: 'Action.Execute',
                  title: 'Assign',
                  tooltip: 'Assign: Acme',
                  verb: 'assign',
                  data: { args: { customer: 'c1' } },
                },
              ],
            },
          ],
        },
      ],
    });
  });

  test('table: a head row, figures to the right', () => {
    const drawn = card({
      kind: 'table',
      columns: [{ label: 'Product' }, { label: 'Units', align: 'right' }],
      rows: [['Mail', '25']],
    });
    const table = drawn.body[1] as Extract<Card['body'][number], { type: 'Table' }>;
    expect(table.rows).toHaveLength(2);
    expect(table.columns[1]).toMatchObject({ horizontalCellContentAlignment: 'Right' });
    expect(table.rows[1]!.cells[1]!.items[0]).toMatchObject({ horizontalAlignment: 'Right' });
  });

  test('compare: two columns for each thing, below its name', () => {
    const rows = [{ name: 'Mail', before: 'Old\n25', after: '' }];
    const drawn = card({ kind: 'compare', labels: ['Before', 'After'], rows });
    expect(runsOf(drawn)).toEqual(['Before', 'After', 'Mail', 'Old', '25', '—']);
    expect(parts(drawn).filter(({ type }) => type === 'ColumnSet')).toHaveLength(2);
    expect(card({ kind: 'compare', labels: ['Before', 'After'], rows: [] }).body).toHaveLength(1);
  });

  test.for([
    [1, false, true],
    [2, true, true],
    [3, true, false],
  ] as const)('pager on page %i of 3', ([page, back, on]) => {
    const drawn = card({ kind: 'pager', action: 'customer.list', args: { search: 'a' }, page, pages: 3 });
    expect(actionsOf(drawn)).toMatchObject([
      { title: '‹', verb: 'customer.list', isEnabled: back, data: { args: { search: 'a', page: `${page - 1}` } } },
      { title: '›', verb: 'customer.list', isEnabled: on, data: { args: { search: 'a', page: `${page + 1}` } } },
    ]);
    expect(runsOf(drawn)).toContain(`${page}/3`);
  });

  test('pager: nothing to turn, nothing drawn', () => {
    expect(card({ kind: 'pager', action: 'a', args: {}, page: 1, pages: 1 }).body).toHaveLength(1);
  });

  test('buttons: what acts, what opens a form, what opens an address', () => {
    const drawn = card({
      kind: 'buttons',
      buttons: [
        {
          kind: 'run',
          label: 'Approve',
          action: 'report.approve',
          args: { report: 'r', version: '3' },
          style: 'primary',
        },
        { kind: 'form', label: 'Reject…', form: 'report.reject', context: { report: 'r' }, style: 'danger' },
        { kind: 'link', label: 'Read', url: 'https://desk.example/' },
      ],
    });
    expect(actionsOf(drawn)).toMatchObject([
      {
        type: 'Action.Execute',
        verb: 'report.approve',
        style: 'positive',
        data: { args: { report: 'r', version: '3' } },
      },
      {
        type: 'Action.Submit',
        style: 'destructive',
        data: { msteams: { type: 'task/fetch' }, open: { form: 'report.reject', context: { report: 'r' } } },
      },
      { type: 'Action.OpenUrl', url: 'https://desk.example/' },
    ]);
  });

  test('a confirmation is a hidden question that the button uncovers', () => {
    const ask = { title: 'Remove Mail?', text: 'It ends today.', ok: 'Remove' };
    const button = (id: string): Button => ({
      kind: 'run',
      label: 'Remove…',
      action: 'license.remove',
      args: { id },
      confirm: ask,
    });
    const drawn = sound(
      card(
        { kind: 'buttons', buttons: [button('1'), button('2')] },
        { kind: 'rows', rows: [{ title: 'x', button: button('3') }] },
      ),
    );
    const hidden = parts(drawn).filter(({ isVisible }) => isVisible === false);
    expect(new Set(hidden.map(({ id }) => id)).size).toBe(3);
    const uncovering = actionsOf(drawn).filter(
      ({ type, title }) => type === 'Action.ToggleVisibility' && title === 'Remove…',
    );
    expect(uncovering.flatMap(({ targetElements }) => targetElements)).toEqual(hidden.map(({ id }) => id));
    expect(actionsOf(hidden[0])).toMatchObject([
      { type: 'Action.Execute', title: 'Remove', verb: 'license.remove', data: { args: { id: '1' } } },
      { type: 'Action.ToggleVisibility', title: 'Cancel', targetElements: [hidden[0]!.id] },
    ]);
  });

  test('picture and file by signed link', () => {
    const drawn = card({ kind: 'image', fileId: 'f1', alt: 'Usage' }, { kind: 'file', fileId: 'f2', name: 'a.xlsx' });
    expect(drawn.body[1]).toMatchObject({ type: 'Image', url: links.urlOf('f1'), altText: 'Usage' });
    expect(actionsOf(drawn)).toMatchObject([
      { type: 'Action.OpenUrl', title: 'Download a.xlsx', url: links.urlOf('f2') },
    ]);
  });

  test('a divider is the line above what follows; behind the last block it is nothing', () => {
    const drawn = card(
      { kind: 'text', text: 'a' },
      { kind: 'divider' },
      { kind: 'text', text: 'b' },
      { kind: 'divider' },
    );
    expect(drawn.body.map(({ separator }) => separator ?? false)).toEqual([false, false, true]);
  });

  test('the largest message the view allows fits', () => {
    const wide = 'x'.repeat(75);
    const rows = Array.from({ length: limits.rows }, (_, index) => ({
      title: wide,
      detail: wide.repeat(2),
      button: {
        kind: 'run' as const,
        label: 'Open',
        action: 'customer.show',
        args: { customer: `${index}`.repeat(36) },
      },
    }));
    const table = {
      columns: Array.from({ length: limits.tableColumns }, () => ({ label: 'Provisioned', align: 'right' as const })),
      rows: Array.from({ length: limits.tableRows }, () =>
        Array.from({ length: limits.tableColumns }, () => '1,234,567'),
      ),
    };
    sound(card({ kind: 'rows', rows }, { kind: 'pager', action: 'a', args: {}, page: 1, pages: 9 }));
    sound(card({ kind: 'table', ...table }));
    sound(card({ kind: 'text', text: 'x'.repeat(limits.text) }));
  });
});

describe('forms', () => {
  const option = (value: string, label = value) => ({ value, label });
  const fields: readonly Field[] = [
    {
      kind: 'text',
      name: 'name',
      label: 'Service plan',
      value: 'Gold',
      placeholder: 'Name',
      maxLength: 80,
      hint: 'Unique',
    },
    { kind: 'text', name: 'note', label: 'Comment', multiline: true, optional: true },
    { kind: 'email', name: 'email', label: 'E-mail', value: 'a@b.example' },
    { kind: 'number', name: 'units', label: 'Units', value: '25', minimum: 1, maximum: 9 },
    { kind: 'number', name: 'grace', label: 'Grace days', minimum: 0, optional: true },
    { kind: 'date', name: 'startsOn', label: 'Start date', value: '2026-03-05' },
    {
      kind: 'select',
      name: 'version',
      label: 'Version',
      options: [option('full', 'Full'), option('trial')],
      value: 'full',
    },
    { kind: 'select', name: 'centre', label: 'Data centre', options: [option('eu')], optional: true },
    {
      kind: 'multi',
      name: 'days',
      label: 'Days',
      options: [option('7', '7 *days*'), option('14')],
      value: ['7', '14'],
    },
    { kind: 'lookup', name: 'product', label: 'Product', source: 'product', value: option('p1', 'Mail [x]') },
    { kind: 'lookup', name: 'customer', label: 'Customer', source: 'customer' },
    { kind: 'toggle', name: 'renew', label: 'Auto-renewal', value: true, caption: 'Renews by itself' },
    { kind: 'toggle', name: 'nfr', label: 'NFR' },
  ];

  test('each kind of field, filled in as before', () => {
    const drawn = sound(formCard(form({ fields }), links));
    expect(inputsOf(drawn)).toMatchObject([
      { type: 'Input.Text', id: 'one:name', label: 'Service plan', value: 'Gold', placeholder: 'Name', maxLength: 80 },
      { type: 'Input.Text', id: 'one:note', label: 'Comment (optional)', isMultiline: true },
      { type: 'Input.Text', style: 'Email', value: 'a@b.example' },
      { type: 'Input.Number', value: 25 },
      { type: 'Input.Number', id: 'one:grace' },
      { type: 'Input.Date', value: '2026-03-05' },
      { type: 'Input.ChoiceSet', style: 'compact', value: 'full', choices: [{ title: 'Full' }, { title: 'trial' }] },
      { type: 'Input.ChoiceSet', choices: [{ title: '—', value: noChoice }, { value: 'eu' }] },
      {
        type: 'Input.ChoiceSet',
        id: 'many:days',
        isMultiSelect: true,
        value: '7,14',
        choices: [{ title: '7 \\*days\\*' }, {}],
      },
      {
        type: 'Input.ChoiceSet',
        style: 'filtered',
        value: 'p1',
        choices: [{ title: 'Mail [x]', value: 'p1' }],
        'choices.data': { type: 'Data.Query', dataset: 'product' },
      },
      { type: 'Input.ChoiceSet', style: 'filtered', choices: [] },
      { type: 'Input.Toggle', value: 'true', title: 'Renews by itself' },
      { type: 'Input.Toggle', value: 'false', title: 'Yes' },
    ]);
  });

  test('the client checks nothing: neither the way on nor the way back is ever locked', () => {
    for (const input of inputsOf(formCard(form({ fields }), links))) {
      for (const check of ['isRequired', 'min', 'max', 'regex']) expect(input).not.toHaveProperty(check);
    }
  });

  test('submit says the verb; back stands on later steps only and carries what was typed', () => {
    expect(actionsOf(formCard(form(), links))).toMatchObject([
      { type: 'Action.Submit', title: 'Save', data: { form: { draft: 'draft-1', go: 'next' } } },
    ]);
    const second = formCard(form({ submit: 'Next' }, { step: 2, steps: 3 }), links);
    expect(actionsOf(second)).toMatchObject([
      { title: 'Next' },
      { title: 'Back', associatedInputs: 'auto', data: { form: { draft: 'draft-1', go: 'back' } } },
    ]);
    expect(runsOf(second)).toContain('Step 2 of 3');
  });

  test('a complaint stands under its field, counted on top, and nothing typed is lost', () => {
    const drawn = sound(
      formCard(form({ fields }, { errors: { name: 'This *name* is taken.', '': 'Mail needs a crossgrade.' } }), links),
    );
    expect(drawn.body[0]).toMatchObject({
      type: 'Container',
      style: 'attention',
      bleed: true,
      items: [
        { inlines: [{ text: 'Mail needs a crossgrade.' }] },
        { inlines: [{ text: 'One answer needs another look.' }] },
      ],
    });
    expect(drawn.body[1]).toMatchObject({
      type: 'Container',
      style: 'attention',
      items: [
        { type: 'Input.Text', value: 'Gold' },
        { inlines: [{ text: 'Unique' }] },
        { inlines: [{ text: 'This *name* is taken.', color: 'Attention' }] },
      ],
    });
    expect(parts(drawn).filter(({ style, type }) => type === 'Container' && style === 'attention')).toHaveLength(2);
  });

  test('the way on stands below the complaint, and submits the dialog for another form', () => {
    const wayOn = { label: 'Open the crossgrade', form: 'crossgrade', context: { plan: 'p' } };
    for (const blamed of ['name', '']) {
      const drawn = sound(formCard(form({ fields }, { errors: { [blamed]: 'Has it already.' }, wayOn }), links));
      const [way, ...others] = actionsOf(drawn).filter(({ title }) => title === wayOn.label);
      expect(way).toMatchObject({
        type: 'Action.Submit',
        associatedInputs: 'none',
        data: { go: { form: 'crossgrade', context: { plan: 'p' } } },
      });
      expect(others).toEqual([]);
    }
  });

  test('a complaint about a field that is not drawn is not lost', () => {
    expect(runsOf(formCard(form({ fields: [] }, { errors: { units: 'Too many.' } }), links))).toContain('Too many.');
  });

  test('the card in the chat opens the draft', () => {
    const drawn = sound(formPromptCard(form()));
    expect(actionsOf(drawn)).toMatchObject([{ data: { msteams: { type: 'task/fetch' }, resume: 'draft-1' } }]);
  });

  test('a hundred options fit', () => {
    const options = Array.from({ length: limits.options }, (_, index) =>
      option(`${index}`, 'x'.repeat(limits.optionLabel)),
    );
    sound(formCard(form({ fields: [{ kind: 'select', name: 'a', label: 'A', options }] }), links));
    sound(formCard(form({ fields: [{ kind: 'multi', name: 'a', label: 'A', options }] }), links));
  });
});

describe('what was typed', () => {
  test('comes back by field name: several as a list, empty ones absent, other data not believed', () => {
    expect(
      answersOf({
        [inputId('name', false)]: ' Gold, Silver ',
        [inputId('days', true)]: '7,14',
        [inputId('units', false)]: 25,
        [inputId('renew', false)]: 'false',
        [inputId('note', false)]: '',
        [inputId('centre', false)]: noChoice,
        form: { draft: 'x', go: 'next' },
        name: 'stray',
        [inputId('odd', false)]: { nested: true },
      }),
    ).toEqual({ name: ' Gold, Silver ', days: ['7', '14'], units: '25', renew: 'false' });
  });
});
