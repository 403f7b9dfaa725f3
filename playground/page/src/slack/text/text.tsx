import { Fragment } from 'preact';
import type { ComponentChildren, JSX } from 'preact';
import type { TextObject } from '../model.ts';
import { formatSlackDate } from './date-format.ts';
import { useDirectory } from './directory.ts';
import { withEmoji } from './emoji.ts';
import { parseMrkdwn } from './mrkdwn.ts';
import type { Inline } from './mrkdwn.ts';

const safeUrl = /^(https?|mailto|tel):/i;

/** A link that opens elsewhere; an address with any other scheme is shown as text. */
export const SafeLink = ({ url, children }: { url: string; children: ComponentChildren }): JSX.Element =>
  safeUrl.test(url) ? (
    <a class="link" href={url} target="_blank" rel="noreferrer">
      {children}
    </a>
  ) : (
    <span>{children}</span>
  );

export const UserMention = ({ id, label }: { id: string; label?: string }): JSX.Element => {
  const { users, openUser } = useDirectory();
  const name = users.find((user) => user.id === id)?.name ?? label ?? id;
  return openUser ? (
    <button type="button" class="mention" onClick={() => openUser(id)}>
      @{name}
    </button>
  ) : (
    <span class="mention">@{name}</span>
  );
};

export const ChannelMention = ({ id, label }: { id: string; label?: string }): JSX.Element => {
  const { channels, openChannel } = useDirectory();
  const known = channels.find((channel) => channel.id === id);
  const name = known?.name ?? label ?? id;
  return openChannel && known ? (
    <button type="button" class="mention" onClick={() => openChannel(id)}>
      #{name}
    </button>
  ) : (
    <span class="mention">#{name}</span>
  );
};

export const SlackDate = ({
  seconds,
  format,
  fallback,
  url,
}: {
  seconds: number;
  format: string;
  fallback: string;
  url?: string;
}): JSX.Element => {
  const { timeZone, now } = useDirectory();
  if (!Number.isFinite(seconds)) return <>{fallback}</>;
  const at = new Date(seconds * 1000);
  const text = (
    <time dateTime={at.toISOString()} title={fallback}>
      {formatSlackDate(at, format, timeZone, now)}
    </time>
  );
  return url ? <SafeLink url={url}>{text}</SafeLink> : text;
};

const InlineNode = ({ node }: { node: Inline }): JSX.Element => {
  switch (node.kind) {
    case 'text':
      return <>{withEmoji(node.text)}</>;
    case 'code':
      return <code>{node.text}</code>;
    case 'bold':
      return (
        <b>
          <InlineNodes nodes={node.children} />
        </b>
      );
    case 'italic':
      return (
        <i>
          <InlineNodes nodes={node.children} />
        </i>
      );
    case 'strike':
      return (
        <s>
          <InlineNodes nodes={node.children} />
        </s>
      );
    case 'link':
      return <SafeLink url={node.url}>{withEmoji(node.label ?? node.url.replace(/^mailto:/, ''))}</SafeLink>;
    case 'user':
      return <UserMention id={node.id} {...(node.label && { label: node.label })} />;
    case 'channel':
      return <ChannelMention id={node.id} {...(node.label && { label: node.label })} />;
    case 'broadcast':
      return <span class="mention broadcast">@{(node.label ?? node.name).replace(/^@/, '')}</span>;
    case 'date':
      return <SlackDate {...node} />;
  }
};

const InlineNodes = ({ nodes }: { nodes: Inline[] }): JSX.Element => (
  <>
    {nodes.map((node, index) => (
      <InlineNode key={index} node={node} />
    ))}
  </>
);

const Lines = ({ lines }: { lines: Inline[][] }): JSX.Element => (
  <>
    {lines.map((line, index) => (
      <Fragment key={index}>
        {index > 0 && <br />}
        <InlineNodes nodes={line} />
      </Fragment>
    ))}
  </>
);

export const Mrkdwn = ({ text }: { text: string }): JSX.Element => (
  <>
    {parseMrkdwn(text).map((part, index) =>
      part.kind === 'pre' ? (
        <pre key={index} tabIndex={0}>
          {part.text}
        </pre>
      ) : part.kind === 'quote' ? (
        <blockquote key={index}>
          <Lines lines={part.lines} />
        </blockquote>
      ) : (
        <div key={index}>
          <Lines lines={part.lines} />
        </div>
      ),
    )}
  </>
);

/** Plain text as Slack shows it: as it is, but for shortcodes, which an app can switch off. */
export const plain = (text: Pick<TextObject, 'text' | 'emoji'> | undefined): string =>
  text === undefined ? '' : text.emoji === false ? text.text : withEmoji(text.text);

/** A text object of either kind. */
export const Text = ({ text }: { text: TextObject }): JSX.Element =>
  text.type === 'mrkdwn' ? <Mrkdwn text={text.text} /> : <span class="plain">{plain(text)}</span>;
