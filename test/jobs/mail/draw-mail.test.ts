import { describe, expect, test } from 'vitest';
import { createDrawMail, headerLine } from '../../../src/jobs/mail/draw-mail.ts';
import { bold, type Message } from '../../../src/bot/view.ts';

const draw = createDrawMail({ urlOf: (fileId) => `https://desk.example/files/${fileId}?exp=1&sig=a` });

const everything: Message = {
  title: 'Report rejected',
  blocks: [
    { kind: 'text', text: ['The report of ', bold('Brightside IT'), ' needs another look.'] },
    { kind: 'heading', text: 'Why' },
    { kind: 'notice', tone: 'danger', text: 'Mail seats look too high.\nPlease check.' },
    {
      kind: 'facts',
      facts: [
        { label: 'Report cycle', value: 'Feb 2026' },
        { label: 'Total', value: [bold('1,288.00 EUR')] },
      ],
    },
    { kind: 'rows', rows: [{ title: 'Backup', detail: '120 provisioned, 90 used' }, { title: 'Web Security' }] },
    {
      kind: 'table',
      columns: [{ label: 'Product/Service' }, { label: 'Chargeable', align: 'right' }],
      rows: [['Backup', '90']],
    },
    {
      kind: 'compare',
      labels: ['Before', 'After'],
      rows: [{ name: 'Mail', before: 'Old\n25 mailboxes', after: '' }],
    },
    {
      kind: 'buttons',
      buttons: [
        { kind: 'run', label: 'Approve', action: 'report.approve', args: { report: '1' }, decides: true },
        { kind: 'form', label: 'Reject…', form: 'report-reject', context: {} },
        { kind: 'link', label: 'Open the desk', url: 'https://desk.example/' },
        { kind: 'link', label: 'Evil', url: 'javascript:alert(1)' },
      ],
    },
    { kind: 'image', fileId: 'f1', alt: 'Usage "by month"' },
    { kind: 'file', fileId: 'f2', name: 'seatwise-usage.xlsx' },
    { kind: 'divider' },
    { kind: 'pager', action: 'x', args: {}, page: 1, pages: 2 },
    { kind: 'context', text: 'Days in Europe/Berlin' },
  ],
};

describe('a mail', () => {
  test('says in plain text what the message says, block by block', async () => {
    const { text } = await draw(everything, 'Report rejected', 'person');
    expect(text).toBe(`Report rejected

The report of Brightside IT needs another look.

Why
---

Mail seats look too high.
Please check.

Report cycle: Feb 2026
Total: 1,288.00 EUR

- Backup
  120 provisioned, 90 used
- Web Security

Product/Service | Chargeable
Backup | 90

- Mail
  Before: Old, 25 mailboxes
  After: —

Open the desk: https://desk.example/

[Usage "by month"]

seatwise-usage.xlsx: https://desk.example/files/f2?exp=1&sig=a

---

Days in Europe/Berlin
`);
  });

  test('decides nothing: buttons that act are left out, links stay when they lead to the web', async () => {
    const { html } = await draw(everything, 'x', 'person');
    expect(html).not.toMatch(/Approve|Reject…|Evil|javascript:/);
    expect(html).toContain('href="https://desk.example/"');
    expect(html).toContain('src="https://desk.example/files/f1?exp=1&amp;sig=a"');
  });

  test('sends nobody to a chat that he does not have', async () => {
    expect((await draw(everything, 'x', 'person')).html).toContain('decide in Slack or Teams');
    const { html } = await draw(everything, 'x', 'customer');
    expect(html).toContain('a partner keeps your licenses in Seatwise');
    expect(html).not.toMatch(/Slack|Teams|Answer/);
  });

  test('asks no other server for anything', async () => {
    const { html } = await draw(everything, 'x', 'person');
    const asked = [...html.matchAll(/(?:src|href|url|@import)\s*[=(]?\s*["']?(https?:[^"')\s]+)/g)].map(
      ([, url]) => url,
    );
    expect(asked.filter((url) => !url!.startsWith('https://desk.example/'))).toEqual([]);
    expect(html).not.toContain('fonts.googleapis');
  });

  test.for([
    '<script>alert(1)</script>',
    '</mj-text><mj-raw><img src=x onerror=alert(1)></mj-raw>',
    '"><img src=x onerror=alert(1)>',
    '<!-- <mj-include path="/etc/passwd" /> -->',
    '{{constructor}} & \'quoted\' "twice"',
  ])('takes a name literally: %s', async (name) => {
    const hostile: Message = {
      title: name,
      blocks: [
        { kind: 'text', text: [name, bold(name), { text: name, link: `https://desk.example/${name}` }] },
        { kind: 'facts', facts: [{ label: name, value: name }] },
        { kind: 'rows', rows: [{ title: name, detail: name }] },
        { kind: 'table', columns: [{ label: name }], rows: [[name]] },
        { kind: 'image', fileId: 'f1', alt: name },
        { kind: 'file', fileId: 'f1', name },
        { kind: 'buttons', buttons: [{ kind: 'link', label: name, url: `https://desk.example/${name}` }] },
      ],
    };
    const { html, text } = await draw(hostile, name, 'person');
    expect(html).not.toMatch(/<script|<img src=x|<mj-|root:/);
    expect(text).toContain(name);
  });

  test.for([
    ['Report\r\nBcc: everyone@example.com', 'Report Bcc: everyone@example.com'],
    ['Report\nX: y\u0000z', 'Report X: y z'],
    [' \t更新 \ud800', '更新 \ufffd'],
  ] as const)('has one line as its subject: %j', async ([subject, expected]) => {
    expect(headerLine(subject)).toBe(expected);
    expect((await draw(everything, subject, 'person')).subject).toBe(expected);
  });
});
