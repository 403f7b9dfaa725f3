import type { Span, Text } from '../view.ts';
import type { TextRun } from './card.ts';

/**
 * Text that a Markdown field (TextBlock, fact, choice beside a box) shows exactly as it is. Escaped is only what
 * Markdown, an autolink or the client's `{{DATE(…)}}` would act on, so that ordinary names stay readable even where
 * a client does not know backslash escapes. Each line becomes a paragraph: Markdown would join them.
 */
export const literal = (text: string): string =>
  text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) =>
      line
        .trim()
        .replace(/[\\*_`~[\]<>{}|]/g, '\\$&')
        .replace(/&(?=#|\w)/g, '\\&')
        .replace(/:(?=\/\/)/g, '\\:')
        .replace(/\b(www)\./gi, '$1\\.')
        .replace(/^[-+#=!]/, '\\$&')
        .replace(/^(\d+)([.)])/, '$1\\$2'),
    )
    .filter((line) => line !== '')
    .join('\n\n');

const spansOf = (text: Text): readonly Span[] =>
  (typeof text === 'string' ? [text] : text).map((part) => (typeof part === 'string' ? { text: part } : part));

export const plain = (text: Text): string =>
  spansOf(text)
    .map((span) => span.text)
    .join('');

/** An address of our own making: anything else is shown as text. */
const isWebAddress = (link: string): boolean => /^https?:\/\//i.test(link) && URL.canParse(link);

/** The same for the fields that know only Markdown, with our own bold and links. */
export const markdown = (text: Text): string =>
  spansOf(text)
    .map((span) => {
      const shown = literal(span.text);
      if (shown === '') return span.text === '' ? '' : ' ';
      // Markdown wants its marks at the words; spaces of the span stand outside of them.
      const before = /^\s/.test(span.text) ? ' ' : '';
      const after = /\s$/.test(span.text) ? ' ' : '';
      const strong = span.bold ? `**${shown}**` : shown;
      const linked =
        span.link && isWebAddress(span.link)
          ? `[${strong}](${new URL(span.link).href.replace(/[()]/g, encode)})`
          : strong;
      return `${before}${linked}${after}`;
    })
    .join('');

const encode = (character: string): string => (character === '(' ? '%28' : '%29');

type Look = Pick<TextRun, 'size' | 'isSubtle' | 'color' | 'weight'>;

/**
 * Lines of runs for rich text, which is no Markdown: what is written is what is shown. Only `{{DATE(…)}}` would
 * still be replaced by the client; a run that ends between the braces prevents it.
 */
export const linesOfRuns = (text: Text, look: Look = {}): readonly (readonly TextRun[])[] => {
  const lines: TextRun[][] = [[]];
  for (const span of spansOf(text)) {
    for (const [index, line] of span.text.split(/\r\n|[\n\r\u2028\u2029]/).entries()) {
      if (index > 0) lines.push([]);
      for (const piece of line.split(/(?<=\{)(?=\{)/)) {
        if (piece === '') continue;
        lines.at(-1)!.push({
          type: 'TextRun',
          text: piece,
          ...look,
          ...(span.bold && { weight: 'Bolder' }),
          ...(span.link &&
            isWebAddress(span.link) && {
              selectAction: { type: 'Action.OpenUrl', title: span.text, url: new URL(span.link).href },
            }),
        });
      }
    }
  }
  return lines.filter((line) => line.some((run) => run.text.trim() !== ''));
};
