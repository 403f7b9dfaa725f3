import type { MrkdwnElement, PlainTextElement, RichTextBlock, RichTextLink, RichTextText } from '@slack/types';
import type { Span, Text } from '../view.ts';

/** Text that Slack shows as it stands. */
export const plain = (text: string): PlainTextElement => ({ type: 'plain_text', text, emoji: false });

const spansOf = (text: Text): readonly Span[] =>
  (typeof text === 'string' ? [text] : text)
    .map((part) => (typeof part === 'string' ? { text: part } : part))
    .filter((span) => span.text !== '' || span.link !== undefined);

/** The words alone; a link keeps its address, since nothing may be lost. */
export const flat = (text: Text): string =>
  spansOf(text)
    .map(({ text: words, link }) => (link === undefined || link === words ? words : `${words} (${link})`))
    .join('');

/** The three characters that mrkdwn has escapes for. Mentions such as `<!channel>` lose their meaning with them. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** mrkdwn has no escapes for these: bold, struck, code, slanted, emoji names, quoted lines. */
const markup = /[*~`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|:[^\s:]+:|^\s*>/mu;
const wordBefore = /[\p{L}\p{N}_]$/u;
const wordAfter = /^[\p{L}\p{N}_]/u;

/**
 * The spans as mrkdwn, or null when Slack would take a character of the text for markup, or not see our own bold
 * (it needs a space or a stop on both sides).
 */
const asMarkup = (spans: readonly Span[]): string | null => {
  let out = '';
  for (const [index, { text, bold, link }] of spans.entries()) {
    if (markup.test(text)) return null;
    if (link !== undefined && (text.includes('|') || text.includes('\n') || /[|>\s]/.test(link))) return null;
    const words = link === undefined ? escaped(text) : `<${escaped(link)}|${escaped(text)}>`;
    if (!bold) {
      out += words;
      continue;
    }
    const before = spans[index - 1]?.text ?? '';
    const after = spans[index + 1]?.text ?? '';
    if (text.trim() !== text || text.includes('\n') || wordBefore.test(before) || wordAfter.test(after)) return null;
    out += `*${words}*`;
  }
  return out;
};

/**
 * Text where Slack takes one text object and no rich text: with its bold and links when that is certain to come out
 * right, else as plain words. Whatever a person typed is shown as typed.
 */
export const shown = (text: Text): PlainTextElement | MrkdwnElement => {
  const spans = spansOf(text);
  if (!spans.some(({ bold, link }) => bold || link !== undefined)) return plain(flat(text));
  const marked = asMarkup(spans);
  return marked === null ? plain(flat(text)) : { type: 'mrkdwn', text: marked, verbatim: true };
};

export const hasStyle = (text: Text): boolean => spansOf(text).some(({ bold, link }) => bold || link !== undefined);

/** Longest text of one element. */
const maxElement = 3000;

/** Bold and links beside literal words, where Slack takes a whole block. */
export const rich = (text: Text): RichTextBlock => ({
  type: 'rich_text',
  elements: [
    {
      type: 'rich_text_section',
      elements: spansOf(text).flatMap(({ text: words, bold, link }): (RichTextText | RichTextLink)[] => {
        const style = bold && { style: { bold: true } };
        if (link !== undefined && words === '') return [{ type: 'link', url: link, ...style }];
        return pieces(words, maxElement).map((piece) =>
          link === undefined
            ? { type: 'text', text: piece, ...style }
            : { type: 'link', url: link, text: piece, ...style },
        );
      }),
    },
  ],
});

/** Pieces of at most `max` characters, broken at a line or a space where there is one. Nothing is dropped. */
export const pieces = (text: string, max: number): readonly string[] => {
  const out: string[] = [];
  let rest = text;
  while (rest.length > max) {
    const window = rest.slice(0, max);
    const at = Math.max(window.lastIndexOf('\n'), window.lastIndexOf(' '));
    // A surrogate pair is never cut in half.
    const hard = /[\uD800-\uDBFF]$/.test(window) ? max - 1 : max;
    const end = at > max / 2 ? at + 1 : hard;
    out.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  if (rest !== '') out.push(rest);
  return out;
};

/** Columns that a text takes in a fixed-width font: Chinese, Japanese and Korean characters take two. */
export const widthOf = (text: string): number => {
  let width = 0;
  for (const character of text) {
    width += /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\uFF01-\uFF60]/u.test(character) ? 2 : 1;
  }
  return width;
};
