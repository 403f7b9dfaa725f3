import { Fragment } from 'preact';
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { SlackChannel, SlackMessage } from '../../../protocol.ts';
import { useApp } from '../state/app-context.ts';
import { businessNow, dayHeading, zoneOf } from '../state/business-time.ts';
import { post } from '../state/post.ts';
import { suggestCommands } from '../ui/commands.ts';
import { Composer } from '../ui/composer.tsx';
import { Mark } from '../ui/mark.tsx';
import { ScrollLog } from '../ui/scroll-log.tsx';
import { Message } from './message.tsx';

const DayRule = ({ text }: { text: string }): JSX.Element => (
  <div class="day-rule" role="separator">
    <span>{text}</span>
  </div>
);

const useSend = (channel: string): ((text: string, threadTs?: string) => Promise<boolean>) => {
  const { persona, say } = useApp();
  return async (text, threadTs) => {
    const [, command, rest = ''] = /^(\/\S+)\s*([\s\S]*)$/.exec(text) ?? [];
    const answer = command
      ? await post('/api/slack/command', { persona: persona.id, channel, command, text: rest })
      : await post('/api/slack/message', { persona: persona.id, channel, text, ...(threadTs && { threadTs }) });
    if (!answer.ok) say(answer.error, 'error');
    return answer.ok;
  };
};

const Thread = ({
  channel,
  root,
  replies,
}: {
  channel: string;
  root: SlackMessage;
  replies: SlackMessage[];
}): JSX.Element => {
  const send = useSend(channel);
  return (
    <div class="thread" role="group" aria-label="Thread">
      {replies.map((reply) => (
        <Message key={reply.ts} message={reply} />
      ))}
      <Composer
        label="Reply in thread"
        placeholder="Reply…"
        history={`slack-thread-${channel}`}
        onSend={(text) => send(text, root.ts)}
      />
    </div>
  );
};

const Empty = ({ channel, bot }: { channel: SlackChannel; bot: string }): JSX.Element => (
  <div class="empty">
    <Mark size={44} />
    {channel.kind === 'im' ? (
      <>
        <h3>This is the beginning of your messages with {bot}</h3>
        <p>
          Type <code>/lmp help</code> below to see all it can do, or open its Home tab for what waits for you.
        </p>
      </>
    ) : (
      <>
        <h3>This is the very beginning of #{channel.name}</h3>
        <p>
          {channel.botIsMember ? (
            <>
              Type <code>/lmp digest add</code> to have a summary of your licences posted here every week.
            </>
          ) : (
            <>{bot} has not been invited to this channel; commands work, but it cannot post here.</>
          )}
        </p>
      </>
    )}
  </div>
);

export const Conversation = ({ channel }: { channel: SlackChannel }): JSX.Element => {
  const { world, persona, draft } = useApp();
  const send = useSend(channel.id);
  const [thread, setThread] = useState<string | null>(null);
  const [sent, setSent] = useState(0);
  const user = persona.slackUserId;
  const { roots, replies } = useMemo(() => {
    const seen = world.slack.messages.filter(
      (one) => one.channel === channel.id && (one.visibleTo === undefined || one.visibleTo === user),
    );
    const known = new Set(seen.map((one) => one.ts));
    const isReply = (one: SlackMessage): boolean =>
      one.threadTs !== undefined && one.threadTs !== one.ts && known.has(one.threadTs);
    return {
      roots: seen.filter((one) => !isReply(one)),
      replies: Map.groupBy(seen.filter(isReply), (one) => one.threadTs ?? ''),
    };
  }, [world.slack.messages, channel.id, user]);

  const unread = world.unread[persona.id]?.[channel.id] ?? 0;
  useEffect(() => {
    if (unread > 0) void post('/api/slack/read', { persona: persona.id, channel: channel.id });
  }, [unread, persona.id, channel.id]);

  const zone = zoneOf(persona);
  const now = businessNow(world.clock);
  const name = channel.kind === 'im' ? world.slack.bot.name : `#${channel.name}`;
  let day = '';
  return (
    <>
      <ScrollLog
        label={`Messages in ${name}`}
        place={`${persona.id} ${channel.id}`}
        last={roots.at(-1)?.ts ?? ''}
        sent={sent}
      >
        {roots.length === 0 && <Empty channel={channel} bot={world.slack.bot.name} />}
        {roots.map((message) => {
          const heading = dayHeading(new Date(message.at), now, zone);
          const rule = heading !== day;
          day = heading;
          const answers = replies.get(message.ts) ?? [];
          const open = thread === message.ts;
          return (
            <Fragment key={message.ts}>
              {rule && <DayRule text={heading} />}
              <Message
                message={message}
                replies={answers.length}
                threadOpen={open}
                onThread={() => setThread((shown) => (shown === message.ts ? null : message.ts))}
              />
              {open && <Thread channel={channel.id} root={message} replies={answers} />}
            </Fragment>
          );
        })}
      </ScrollLog>
      <Composer
        key={`${persona.id} ${channel.id}`}
        draft={draft}
        label={`Message ${name}`}
        placeholder={`Message ${name} — try /lmp help`}
        history="slack-commands"
        suggest={(text) => suggestCommands(text, '/lmp ')}
        onSend={(text) => {
          setSent((count) => count + 1);
          return send(text);
        }}
      />
    </>
  );
};
