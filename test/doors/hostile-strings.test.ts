/** One table of names that would act if anything took them for more than words, at every place where words go out. */
import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import type { OpenForm } from '../../src/bot/desk.ts';
import { renderForm, renderLine, renderMessage, renderOptions } from '../../src/bot/slack/render.ts';
import { formCard, messageCard, sentenceCard } from '../../src/bot/teams/render.ts';
import { bold, type Message } from '../../src/bot/view.ts';
import { unpackedText, zipEntries } from '../../src/files-in/zip.ts';
import { createDrawMail } from '../../src/jobs/mail/draw-mail.ts';
import { faultSheet } from '../../src/jobs/workbook/faults.ts';
import { writeWorkbook } from '../../src/jobs/workbook/write-workbook.ts';
import { createLog } from '../../src/log.ts';
import { drawForm, drawThanks } from '../../src/trial-page/draw-page.ts';
import { drawnMessage } from '../support/drawn.ts';

const names = [
  '<!channel> <!here> <@U0LEO> <#C1|general> <!subteam^S1>',
  '<https://evil.example|Approve> https://evil.example www.evil.example',
  '*bold* _slanted_ ~struck~ `code` ```block``` :tada: &amp;lt; &#60;b&#62;',
  '<at>everyone</at> **bold** [Approve](https://evil.example) ![x](https://evil.example/x.png)',
  '<b onmouseover="alert(1)">A & \'B\'</b>',
  '"></title></style></textarea><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</mj-text><mj-raw><img src=x></mj-raw> <!-- <mj-include path="/etc/passwd" /> -->',
  '=HYPERLINK("http://evil.example","click")',
  '=1+1',
  '+1-2',
  '-3',
  '@SUM(A1)',
  '_x0041_ _x000D_',
  '{{DATE(2017-02-14T06:08:39Z,LONG)}} ${payload} {{customer.company}} %s %{x} $& $1',
  '# Heading',
  '> quote',
  '1. item',
  '- item',
  '| a | b |',
  'back\\slash \\* \\n',
  'right\u202Egnp.exe\u202Cto left',
  'עברית العربية 日本語 Ünïcödé',
  'zero\u200Bwidth\u2060joined\u00AD',
  '👩‍👩‍👧‍👦 🇩🇪 e\u0301',
  `${'𝔘'.repeat(127)}.`,
  'x'.repeat(255),
  'null',
  '__proto__',
];
/** Core refuses line breaks in names; whatever lets one through still must not begin a header, a line or a row. */
const breaks = ['a\r\nBcc: victim@evil.example', 'a\nb', 'a\u0085b'];

const links = { urlOf: (fileId: string) => `https://desk.example/files/${fileId}` };
const messageOf = (name: string): Message => ({
  title: name.slice(0, 100),
  blocks: [
    { kind: 'text', text: ['The customer ', bold(name), ' was added.'] },
    { kind: 'text', text: name },
    { kind: 'notice', tone: 'warning', text: name },
    { kind: 'facts', facts: [{ label: 'Company', value: name }] },
    { kind: 'rows', rows: [{ title: name, detail: name }] },
    { kind: 'compare', labels: ['Before', 'After'], rows: [{ name, before: name, after: name }] },
    { kind: 'context', text: name },
  ],
});
const formOf = (name: string): OpenForm => ({
  draftId: 'draft-1',
  view: {
    title: 'Edit customer',
    submit: 'Save',
    intro: [{ kind: 'text', text: name }],
    fields: [{ kind: 'text', name: 'company', label: 'Company', value: name }],
  },
  step: 1,
  steps: 1,
  errors: { company: name },
});
const unescaped = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll(/&(?:#39|apos);/g, "'")
    .replaceAll('&amp;', '&');

interface Part {
  readonly type?: string;
  readonly text?: unknown;
  readonly inlines?: readonly { readonly text: string }[];
  readonly facts?: readonly { readonly value: string }[];
}
/** Everything that has a type, at any depth. */
const partsOf = (value: unknown): Part[] => {
  if (Array.isArray(value)) return value.flatMap(partsOf);
  if (typeof value !== 'object' || value === null) return [];
  const own = value as Part;
  return [...(own.type === undefined ? [] : [own]), ...Object.values(own).flatMap(partsOf)];
};
/** What a person reads of Slack's blocks; fails where Slack would read a command. */
const readBySlack = (blocks: unknown): string =>
  partsOf(blocks)
    .flatMap(({ type, text }) => {
      if (typeof text !== 'string') return [];
      if (type !== 'mrkdwn') return [text];
      expect(text).not.toMatch(/[<>]/);
      return [unescaped(text.replaceAll('*', ''))];
    })
    .join('\n');

const strict = new MarkdownIt({ html: true, linkify: true });
/** What a person reads of a card by the strictest of readers. */
const readByTeams = (card: unknown): string =>
  partsOf(card)
    .flatMap(({ type, text, inlines, facts = [] }) => {
      // Rich text is no Markdown.
      if (inlines) return [inlines.map((run) => run.text).join('')];
      if (type === 'TextRun') return [];
      return [...(typeof text === 'string' ? [text] : []), ...facts.map(({ value }) => value)].map((source) => {
        const html = strict.render(source).replaceAll(/<\/?(?:p|strong)>/g, '');
        expect(html).not.toMatch(/<[a-z/!]/i);
        return unescaped(html).trim();
      });
    })
    .join('\n');

describe.for(names)('%j', (name) => {
  const message = messageOf(name);

  test('in Slack: a message, its notification, a modal, a choice, a sentence', () => {
    if (name.length <= 100) drawnMessage(message);
    const { text, blocks } = renderMessage(message, links);
    expect(text).not.toMatch(/[<>]/);
    expect(unescaped(text)).toBe(message.title);
    expect(readBySlack(blocks).split(name).length).toBeGreaterThan(7);
    const form = renderForm(formOf(name), links);
    expect(readBySlack(form.blocks)).toContain(name);
    expect(JSON.stringify(form.blocks)).toContain(`"initial_value":${JSON.stringify(name)}`);
    const [choice] = renderOptions([{ value: 'v', label: name }]);
    expect(choice!.text).toMatchObject({ type: 'plain_text' });
    expect(name.startsWith(choice!.text.text.replace(/…$/, ''))).toBe(true);
    const line = renderLine(name, 'danger');
    expect(unescaped(line.text)).toBe(name);
    expect(readBySlack(line.blocks)).toContain(name);
  });

  test('in Teams: a card, a form, a sentence', () => {
    expect(readByTeams(messageCard(message, links)).split(name).length).toBeGreaterThan(7);
    const form = formCard(formOf(name), links);
    expect(readByTeams(form)).toContain(name);
    expect(JSON.stringify(form)).toContain(`"value":${JSON.stringify(name)}`);
    expect(readByTeams(sentenceCard('danger', name))).toContain(name);
  });

  test('in a mail: subject, HTML and text', async () => {
    const mail = await createDrawMail(links)(message, name, 'customer');
    expect(mail.subject).toBe(name);
    expect(mail.text.split(name).length).toBeGreaterThan(6);
    expect(unescaped(mail.html).split(name).length).toBeGreaterThan(6);
    expect(mail.html).not.toMatch(/<(?:script|img|b onmouseover|mj-|at>|https)/);
    expect(mail.html).not.toContain('onerror=alert(1)>');
  });

  test('on the public page: what was typed, a complaint about it, the partner and the product', () => {
    const page = (word: string): string[] => {
      const offer = { partnerId: 'p', partner: word, product: word, units: 10, unitType: 'seat', days: 30 } as const;
      const typed = { company: word };
      return [drawForm({ ...offer, months: null }, word, typed, { ...typed, '': word }), drawThanks(word)];
    };
    // The only markup is the page's own: the same tags as with a plain word.
    const tags = (html: string): string[] => [...html.matchAll(/<[!/a-z][^\s>]*/gi)].map(String);
    expect(page(name).map(tags)).toEqual(page('x').map(tags));
    for (const html of page(name)) expect(unescaped(html)).toContain(name);
  });

  test('in a line of the log', () => {
    const lines: string[] = [];
    createLog('info', { write: (line) => void lines.push(line) }).info({ company: name }, name);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({ company: name, msg: name });
  });
});

test('in cells of a workbook: words, never a formula', async () => {
  const rows = async function* () {
    yield names.map((name) => [1, 'Company', name, name]);
  };
  const bytes = await writeWorkbook(faultSheet, rows(), () => []);
  // By its own XML: libraries that read workbooks undo escapes twice.
  const xml = await unpackedText(zipEntries(bytes), 'xl/worksheets/sheet1.xml', 10_000_000);
  expect(xml).not.toMatch(/<f[ >]/);
  const cells = [...xml.matchAll(/<c r="[CD]\d+"[^>]* t="str"[^>]*><v[^>]*>(.*?)<\/v>/gs)];
  // As Excel reads it: `_x005F_` stands for an underscore.
  expect(cells.map(([, text]) => unescaped(text!).replaceAll('_x005F_', '_'))).toEqual([
    'Found',
    'Allowed',
    ...names.flatMap((name) => [name, name]),
  ]);
});

test.for(breaks)('a break in %j begins nothing: no header, no second line of the log', async (name) => {
  const { subject } = await createDrawMail(links)(messageOf(name), name, 'person');
  expect(subject).not.toMatch(/\p{Cc}/u);
  const lines: string[] = [];
  createLog('info', { write: (line) => void lines.push(line) }).info({ company: name }, name);
  expect(lines.join('').trimEnd()).not.toMatch(/[\r\n]/);
  expect(renderMessage(messageOf(name), links).blocks.length).toBeGreaterThan(0);
});
