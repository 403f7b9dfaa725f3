import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { renderMarkdown } from '../../ui/markdown.ts';
import { textOf } from '../model.ts';
import type { BlockProps } from './blocks.tsx';

/** Slack's `markdown` block: standard Markdown, in which HTML stays text. */
export const MarkdownBlock = ({ block }: BlockProps): JSX.Element => {
  const source = textOf(block.text);
  const html = useMemo(() => renderMarkdown(source), [source]);
  return <div class="block-text block-markdown" dangerouslySetInnerHTML={{ __html: html }} />;
};
