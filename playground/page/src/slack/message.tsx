import type { JSX } from 'preact';
import { memo } from 'preact/compat';
import { useMemo, useState } from 'preact/hooks';
import type { SlackMessage } from '../../../protocol.ts';
import { clockTime } from '../state/business-time.ts';
import { Avatar } from '../ui/avatar.tsx';
import { FileCard } from '../ui/file-card.tsx';
import { EyeIcon, ThreadIcon } from '../ui/icons.tsx';
import { JsonView } from '../ui/json-view.tsx';
import { Blocks } from './blocks/blocks.tsx';
import { SurfaceContext } from './blocks/context.ts';
import type { Block } from './model.ts';
import { useDirectory } from './text/directory.ts';
import { Mrkdwn } from './text/text.tsx';
import { asBlocks, useBlockSurface } from './use-surface.ts';

const BlockMessage = ({ message, blocks }: { message: SlackMessage; blocks: readonly Block[] }): JSX.Element => {
  const surface = useBlockSurface('message', blocks, { in: 'message', channel: message.channel, ts: message.ts });
  return (
    <SurfaceContext.Provider value={surface}>
      <Blocks blocks={blocks} />
    </SurfaceContext.Provider>
  );
};

const Picture = ({ url, name }: { url: string; name: string }): JSX.Element => (
  <a class="file-picture" href={url} target="_blank" rel="noreferrer">
    <img src={url} alt={name} />
  </a>
);

/** One message. Drawn anew only when the message itself changed, so that what is chosen in it stays. */
export const Message = memo(
  ({
    message,
    replies = 0,
    threadOpen = false,
    onThread,
  }: {
    message: SlackMessage;
    replies?: number;
    threadOpen?: boolean;
    onThread?: () => void;
  }): JSX.Element => {
    const { users, timeZone } = useDirectory();
    const [json, setJson] = useState(false);
    const blocks = useMemo(() => asBlocks(message.blocks), [message.blocks]);
    const slackbot = message.user === 'USLACKBOT';
    const author = users.find((user) => user.id === message.user);
    const name = slackbot ? 'Slackbot' : (author?.name ?? message.user);
    const bot = author?.bot ?? false;
    return (
      <article
        class={`message${message.visibleTo ? ' ephemeral' : ''}`}
        aria-label={`Message from ${name}`}
        data-ts={message.ts}
      >
        <Avatar name={name} bot={bot} />
        <div class="message-main">
          <div class="message-meta">
            <span class="author">{name}</span>
            {(bot || slackbot) && <span class="app-badge">APP</span>}
            <time dateTime={message.at}>{clockTime(new Date(message.at), timeZone)}</time>
          </div>
          {blocks.length > 0 ? (
            <BlockMessage message={message} blocks={blocks} />
          ) : (
            <div class="message-text block-text">
              <Mrkdwn text={message.text} />
            </div>
          )}
          {message.edited && <small class="edited">(edited)</small>}
          {message.files.map((file) =>
            file.mimetype.startsWith('image/') ? (
              <Picture key={file.id} url={file.url} name={file.title || file.name} />
            ) : (
              <FileCard key={file.id} name={file.name} url={file.url} size={file.size} />
            ),
          )}
          {message.visibleTo && (
            <div class="only-you">
              <EyeIcon /> Only visible to you
            </div>
          )}
          {replies > 0 && (
            <button type="button" class="thread-link" aria-expanded={threadOpen} onClick={onThread}>
              {replies} {replies === 1 ? 'reply' : 'replies'}
            </button>
          )}
          {json && <JsonView value={message.blocks.length > 0 ? { blocks: message.blocks } : { text: message.text }} />}
        </div>
        <div class="message-tools">
          {onThread && !message.visibleTo && (
            <button type="button" aria-label="Reply in thread" title="Reply in thread" onClick={onThread}>
              <ThreadIcon />
            </button>
          )}
          <button
            type="button"
            aria-label="Show JSON of this message"
            title="Show JSON"
            aria-pressed={json}
            onClick={() => setJson(!json)}
          >
            {'{ }'}
          </button>
        </div>
      </article>
    );
  },
  (before, after) =>
    before.message === after.message && before.replies === after.replies && before.threadOpen === after.threadOpen,
);
