import { showProgress } from '../../bot/format.ts';
import type { Block, Message, Text, Tone } from '../../bot/view.ts';
import type { FileLinks } from '../../bot/sender.ts';
import { escapeHtml } from '../../html.ts';

export interface DrawnMail {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}
/** Whom a mail is for: someone who has the chat, or a customer, who has not. */
export type MailReader = 'person' | 'customer';
export type DrawMail = (message: Message, subject: string, reader: MailReader) => Promise<DrawnMail>;

const footers: Readonly<Record<MailReader, string>> = {
  person: 'You receive this because you work with licenses in Seatwise. Answer and decide in Slack or Teams.',
  customer: 'You receive this because a partner keeps your licenses in Seatwise.',
};

/** Line breaks of a text stand as breaks; nothing else of it is markup. */
const escapeLines = (text: string): string => escapeHtml(text).replace(/\r?\n/g, '<br/>');

const spansOf = (text: Text): readonly (string | { text: string; bold?: boolean; link?: string })[] =>
  typeof text === 'string' ? [text] : text;

const isWeb = (link: string): boolean => /^https?:\/\//i.test(link);

const html = (text: Text): string =>
  spansOf(text)
    .map((span) => {
      if (typeof span === 'string') return escapeLines(span);
      const words = span.bold ? `<b>${escapeLines(span.text)}</b>` : escapeLines(span.text);
      return span.link && isWeb(span.link) ? `<a href="${escapeHtml(span.link)}">${words}</a>` : words;
    })
    .join('');

const plain = (text: Text): string =>
  spansOf(text)
    .map((span) =>
      typeof span === 'string' ? span : span.link && isWeb(span.link) ? `${span.text} (${span.link})` : span.text,
    )
    .join('');

const tones: Readonly<Record<Tone, { readonly back: string; readonly ink: string }>> = {
  info: { back: '#eef4fb', ink: '#1d4f86' },
  success: { back: '#e8f5ef', ink: '#0b5c46' },
  warning: { back: '#fdf4e0', ink: '#7a5200' },
  danger: { back: '#fbebed', ink: '#9c1f35' },
};

const mjText = (body: string, attributes = ''): string => `<mj-text ${attributes}>${body}</mj-text>`;
const cell = (body: string, style: string, align = 'left'): string =>
  `<td align="${align}" style="padding:6px 0;${style}">${body}</td>`;

const draw = (block: Block, links: FileLinks): string => {
  switch (block.kind) {
    case 'text':
      return mjText(html(block.text));
    case 'heading':
      return mjText(escapeHtml(block.text), 'font-size="17px" font-weight="700" padding-top="18px"');
    case 'notice': {
      const { back, ink } = tones[block.tone];
      return mjText(
        `<div class="note" style="background:${back};color:${ink};border-radius:8px;padding:12px 16px">${html(block.text)}</div>`,
      );
    }
    case 'facts':
      return (
        `<mj-table css-class="figures" cellpadding="0">` +
        block.facts
          .map(
            ({ label, value }) =>
              `<tr>${cell(escapeHtml(label), 'color:#6a655c;padding-right:16px')}${cell(html(value), 'font-weight:700', 'right')}</tr>`,
          )
          .join('') +
        `</mj-table>`
      );
    case 'rows':
      return (
        `<mj-table css-class="figures" cellpadding="0">` +
        block.rows
          .map(
            ({ title, detail }) =>
              `<tr>${cell(
                `<b>${html(title)}</b>${detail === undefined ? '' : `<br/><span style="color:#6a655c;font-size:13px">${html(detail)}</span>`}`,
                'border-bottom:1px solid #ece9e4',
              )}</tr>`,
          )
          .join('') +
        `</mj-table>`
      );
    case 'compare':
      return (
        `<mj-table css-class="figures" cellpadding="0"><tr>${['', ...block.labels]
          .map((label) => cell(escapeHtml(label), 'color:#6a655c;font-size:13px;border-bottom:1px solid #d9d5ce'))
          .join('')}</tr>` +
        block.rows
          .map(
            ({ name, before, after }) =>
              `<tr>${cell(`<b>${html(name)}</b>`, 'border-bottom:1px solid #ece9e4')}${[before, after]
                .map((side) => cell(html(side), 'border-bottom:1px solid #ece9e4;padding-left:12px'))
                .join('')}</tr>`,
          )
          .join('') +
        `</mj-table>`
      );
    case 'table': {
      const aligned = (index: number): string => block.columns[index]?.align ?? 'left';
      // A figure set right would else touch the word set left beside it.
      const apart = (index: number): string => (index > 0 ? ';padding-left:12px' : '');
      const head = block.columns.map(({ label }, index) =>
        cell(
          escapeHtml(label),
          `color:#6a655c;font-size:13px;border-bottom:1px solid #d9d5ce${apart(index)}`,
          aligned(index),
        ),
      );
      const body = block.rows.map(
        (row) =>
          `<tr>${row.map((value, index) => cell(escapeHtml(value), `border-bottom:1px solid #ece9e4${apart(index)}`, aligned(index))).join('')}</tr>`,
      );
      return `<mj-table css-class="figures" cellpadding="0"><tr>${head.join('')}</tr>${body.join('')}</mj-table>`;
    }
    case 'buttons':
      // A mail can decide nothing: only what opens an address remains of buttons.
      return block.buttons
        .map((button) =>
          button.kind === 'link' && isWeb(button.url)
            ? `<mj-button css-class="press" align="left" background-color="#0b6b57" border-radius="8px" font-weight="700" font-size="15px" href="${escapeHtml(button.url)}">${escapeHtml(button.label)}</mj-button>`
            : '',
        )
        .join('');
    case 'progress':
      return mjText(escapeHtml(showProgress(block.done, block.total)));
    case 'image':
      return `<mj-image src="${escapeHtml(links.urlOf(block.fileId))}" alt="${escapeHtml(block.alt)}" border-radius="8px" />`;
    case 'file':
      return mjText(`<a href="${escapeHtml(links.urlOf(block.fileId))}">${escapeHtml(block.name)}</a>`);
    case 'context':
      return mjText(html(block.text), 'css-class="small" font-size="13px" line-height="19px" color="#6a655c"');
    case 'divider':
      return '<mj-divider border-width="1px" border-color="#ece9e4" padding="10px 25px" />';
    case 'pager':
      return '';
  }
};

const oneLine = (text: Text): string =>
  plain(text)
    .trim()
    .replaceAll(/\s*\n\s*/g, ', ') || '—';

const drawPlain = (block: Block, links: FileLinks): string => {
  switch (block.kind) {
    case 'text':
    case 'notice':
    case 'context':
      return plain(block.text);
    case 'heading':
      return `${block.text}\n${'-'.repeat([...block.text].length)}`;
    case 'facts':
      return block.facts.map(({ label, value }) => `${label}: ${plain(value)}`).join('\n');
    case 'rows':
      return block.rows
        .map(({ title, detail }) => `- ${plain(title)}${detail === undefined ? '' : `\n  ${plain(detail)}`}`)
        .join('\n');
    case 'table':
      return [block.columns.map(({ label }) => label), ...block.rows].map((row) => row.join(' | ')).join('\n');
    case 'compare':
      return block.rows
        .map(({ name, before, after }) =>
          [
            `- ${plain(name)}`,
            `  ${block.labels[0]}: ${oneLine(before)}`,
            `  ${block.labels[1]}: ${oneLine(after)}`,
          ].join('\n'),
        )
        .join('\n');
    case 'progress':
      return showProgress(block.done, block.total);
    case 'buttons':
      return block.buttons
        .flatMap((button) => (button.kind === 'link' && isWeb(button.url) ? [`${button.label}: ${button.url}`] : []))
        .join('\n');
    case 'file':
      return `${block.name}: ${links.urlOf(block.fileId)}`;
    case 'image':
      return `[${block.alt}]`;
    case 'divider':
      return '---';
    case 'pager':
      return '';
  }
};

/** One line without control characters: nothing that a person typed can begin another header. */
export const headerLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .trim();

const page = (title: string, body: string, footer: string): string => `<mjml lang="en">
<mj-head>
<mj-title>${escapeHtml(headerLine(title))}</mj-title>
<mj-preview>${escapeHtml(headerLine(title))}</mj-preview>
<mj-attributes>
<mj-all font-family="'Segoe UI', Helvetica, Arial, sans-serif" />
<mj-text font-size="15px" line-height="22px" color="#1f1d1a" padding="6px 25px" />
<mj-table font-size="15px" line-height="21px" color="#1f1d1a" padding="6px 25px" />
</mj-attributes>
<mj-style>
:root { color-scheme: light dark; }
a { color: #0b6b57; }
@media (prefers-color-scheme: dark) {
  body, body > div, .page { background: #131416 !important; }
  .card, .card > table { background: #1b1d20 !important; }
  .card div, .card .figures td, .brand div { color: #e9e7e3 !important; }
  .card .figures td { border-color: #34373c !important; }
  .card .figures span, .small div { color: #a9a59d !important; }
  .card .note { background: #2a2d31 !important; }
  .card a { color: #5cc9a7 !important; }
  .card .press a { color: #ffffff !important; }
}
</mj-style>
</mj-head>
<mj-body background-color="#f4f3f1" css-class="page" width="600px">
<mj-section padding="24px 0 10px"><mj-column><mj-text css-class="brand" font-weight="900" font-size="16px">Seatwise</mj-text></mj-column></mj-section>
<mj-section css-class="card" background-color="#ffffff" border-radius="12px" padding="18px 0">
<mj-column>
<mj-text font-size="21px" line-height="28px" font-weight="800">${escapeLines(title)}</mj-text>
${body}
</mj-column>
</mj-section>
<mj-section padding="8px 0 24px"><mj-column><mj-text css-class="small" font-size="12px" line-height="18px" color="#7a746a">${footer}</mj-text></mj-column></mj-section>
</mj-body>
</mjml>`;

/** Draws a neutral message as a mail: HTML that mail programs of all ages show, and the same in plain text. */
export const createDrawMail =
  (links: FileLinks): DrawMail =>
  async (message, subject, reader) => {
    // Loaded with the first mail: it takes longer than the rest of a small process.
    const { default: mjml2html } = await import('mjml');
    const body = message.blocks.map((block) => draw(block, links)).join('\n');
    const drawn = await mjml2html(page(message.title, body, footers[reader]), {
      validationLevel: 'strict',
      // No style sheet from anybody else's server.
      fonts: {},
    });
    const text = [message.title, ...message.blocks.map((block) => drawPlain(block, links))]
      .filter((part) => part !== '')
      .join('\n\n');
    return { subject: headerLine(subject), html: drawn.html, text: `${text.toWellFormed()}\n` };
  };
