import type { ComponentChildren, JSX } from 'preact';
import { Fragment, h } from 'preact';
import { useMemo } from 'preact/hooks';
import { SafeLink } from '../slack/text/text.tsx';
import { renderMarkdown } from '../ui/markdown.ts';

// Private-use letters stand for the mention tags while Markdown, which shows tags as text, does its work.
const open = '\uE000';
const close = '\uE001';

const markdownWithMentions = (text: string): string =>
  renderMarkdown(text.replace(/<at[^>]*>([^<]*)<\/at>/g, `${open}$1${close}`))
    .replaceAll(open, '<span class="at">')
    .replaceAll(close, '</span>');

const kept = new Set([
  'b',
  'strong',
  'i',
  'em',
  'u',
  's',
  'br',
  'p',
  'div',
  'code',
  'pre',
  'ul',
  'ol',
  'li',
  'blockquote',
  'h1',
  'h2',
  'h3',
]);

const fromNode = (node: Node, key: number): ComponentChildren => {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  if (!(node instanceof Element)) return null;
  const tag = node.tagName.toLowerCase();
  const children = [...node.childNodes].map(fromNode);
  if (tag === 'at') return <span class="at">{children}</span>;
  if (tag === 'a') return <SafeLink url={node.getAttribute('href') ?? ''}>{children}</SafeLink>;
  if (tag === 'script' || tag === 'style') return null;
  return kept.has(tag) ? h(tag, { key }, ...children) : <Fragment key={key}>{children}</Fragment>;
};

/** A message's text in any of Teams' three formats; only harmless tags survive in the third. */
export const TeamsText = ({
  text,
  format,
  bot,
}: {
  text: string;
  format: 'markdown' | 'plain' | 'xml';
  bot: string;
}): JSX.Element => {
  const drawn = useMemo(() => {
    const mention = `@${bot}`;
    if (format !== 'xml' && text.startsWith(mention))
      return (
        <p class="plain">
          <span class="at">{mention}</span>
          {text.slice(mention.length)}
        </p>
      );
    if (format === 'plain') return <p class="plain">{text}</p>;
    if (format === 'markdown') return <div dangerouslySetInnerHTML={{ __html: markdownWithMentions(text) }} />;
    const body = new DOMParser().parseFromString(text, 'text/html').body;
    return <div>{[...body.childNodes].map(fromNode)}</div>;
  }, [text, format, bot]);
  return <div class="teams-text">{drawn}</div>;
};
