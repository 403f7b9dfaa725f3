import MarkdownIt from 'markdown-it';

// html:false shows tags as text, and markdown-it refuses javascript: and the like by itself.
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true });

const openElsewhere = markdown.renderer.rules.link_open;
markdown.renderer.rules.link_open = (tokens, index, options, env, self) => {
  tokens[index]?.attrSet('target', '_blank');
  tokens[index]?.attrSet('rel', 'noreferrer');
  tokens[index]?.attrJoin('class', 'link');
  return openElsewhere ? openElsewhere(tokens, index, options, env, self) : self.renderToken(tokens, index, options);
};

/** Markdown as safe HTML. */
export const renderMarkdown = (source: string): string => markdown.render(source);
