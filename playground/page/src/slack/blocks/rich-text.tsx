import type { JSX } from 'preact';
import type { RichNode, RichStyle } from '../model.ts';
import { emojiOf } from '../text/emoji.ts';
import { ChannelMention, SafeLink, SlackDate, UserMention } from '../text/text.tsx';

const Styled = ({ style, text }: { style: RichStyle; text: string }): JSX.Element => {
  let node = style.code ? <code>{text}</code> : <>{text}</>;
  if (style.strike) node = <s>{node}</s>;
  if (style.italic) node = <i>{node}</i>;
  if (style.bold) node = <b>{node}</b>;
  return node;
};

const Node = ({ node }: { node: RichNode }): JSX.Element | null => {
  const children = node.elements ?? [];
  switch (node.type) {
    case 'rich_text_section':
      return (
        <div class="rich-section">
          <RichText nodes={children} />
        </div>
      );
    case 'rich_text_list': {
      const List = node.style === 'ordered' ? 'ol' : 'ul';
      return (
        <List
          class={`rich-list indent-${Math.min(node.indent ?? 0, 5)}`}
          {...(node.offset && { start: node.offset + 1 })}
        >
          {children.map((item, index) => (
            <li key={index}>
              <RichText nodes={item.elements ?? []} />
            </li>
          ))}
        </List>
      );
    }
    case 'rich_text_quote':
      return (
        <blockquote>
          <RichText nodes={children} />
        </blockquote>
      );
    case 'rich_text_preformatted':
      return (
        <pre tabIndex={0}>
          <RichText nodes={children} />
        </pre>
      );
    case 'text':
      return <Styled style={typeof node.style === 'object' ? node.style : {}} text={node.text ?? ''} />;
    case 'link':
      return <SafeLink url={node.url ?? ''}>{node.text ?? node.url}</SafeLink>;
    case 'user':
      return <UserMention id={node.user_id ?? ''} />;
    case 'channel':
      return <ChannelMention id={node.channel_id ?? ''} />;
    case 'broadcast':
      return <span class="mention broadcast">@{node.range}</span>;
    case 'emoji':
      return <>{emojiOf(node.name ?? '') ?? `:${node.name}:`}</>;
    case 'date':
      return (
        <SlackDate seconds={node.timestamp ?? NaN} format={node.format ?? '{date}'} fallback={node.fallback ?? ''} />
      );
    default:
      return null;
  }
};

/** The elements of a rich_text block or cell. Their text is literal: no marks, no escapes. */
export const RichText = ({ nodes }: { nodes: readonly RichNode[] }): JSX.Element => (
  <>
    {nodes.map((node, index) => (
      <Node key={index} node={node} />
    ))}
  </>
);
