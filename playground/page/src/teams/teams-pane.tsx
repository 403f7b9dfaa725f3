import { Fragment } from 'preact';
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { TeamsActivity, TeamsChat } from '../../../protocol.ts';
import { useApp } from '../state/app-context.ts';
import { businessNow, dayHeading, zoneOf } from '../state/business-time.ts';
import { post, upload } from '../state/post.ts';
import { Avatar } from '../ui/avatar.tsx';
import { suggestCommands } from '../ui/commands.ts';
import { Composer } from '../ui/composer.tsx';
import { MenuIcon } from '../ui/icons.tsx';
import { Mark } from '../ui/mark.tsx';
import { Notices } from '../ui/notices.tsx';
import { roveFocus } from '../ui/popup.tsx';
import { ScrollLog } from '../ui/scroll-log.tsx';
import { Activity } from './activity.tsx';
import { DialogWindow } from './dialog.tsx';

const ChatList = ({
  chats,
  current,
  onOpen,
}: {
  chats: readonly TeamsChat[];
  current: string | undefined;
  onOpen: (chat: TeamsChat) => void;
}): JSX.Element => {
  const { world, persona } = useApp();
  const unread = world.unread[persona.id] ?? {};
  const entry = (chat: TeamsChat): JSX.Element => {
    const count = unread[chat.id] ?? 0;
    return (
      <button
        key={chat.id}
        type="button"
        aria-current={chat.id === current ? 'page' : undefined}
        class={count > 0 ? 'unread' : ''}
        onClick={() => onOpen(chat)}
      >
        {chat.kind === 'personal' ? <Mark size={28} /> : <Avatar name={chat.name} size={28} />}
        <span class="name">{chat.kind === 'personal' ? world.teams.bot.name : chat.name}</span>
        {count > 0 && (
          <span class="count">
            {count}
            <span class="hidden"> unread</span>
          </span>
        )}
      </button>
    );
  };
  const teams = Map.groupBy(
    chats.filter((chat) => chat.kind === 'channel'),
    (chat) => chat.team?.name ?? 'Channels',
  );
  return (
    <nav
      class="chat-list"
      aria-label="Teams chats"
      onKeyDown={(event) => void roveFocus(event, event.currentTarget, 'button')}
    >
      <h2>Chat</h2>
      {chats.filter((chat) => chat.kind === 'personal').map(entry)}
      {[...teams].map(([team, channels]) => (
        <Fragment key={team}>
          <div class="caption">{team}</div>
          {channels.map(entry)}
        </Fragment>
      ))}
    </nav>
  );
};

const DayRule = ({ text }: { text: string }): JSX.Element => (
  <div class="teams-day" role="separator">
    <span>{text}</span>
  </div>
);

const useSend = (
  chat: TeamsChat,
): ((text: string, more?: { threadId?: string; files?: readonly string[] }) => Promise<boolean>) => {
  const { persona, say } = useApp();
  return async (text, { threadId, files = [] } = {}) => {
    const answer = await post('/api/teams/message', {
      persona: persona.id,
      chat: chat.id,
      text: text.replace(/^@seatwise\s+/i, ''),
      ...(chat.kind === 'channel' && { mention: true }),
      ...(threadId && { threadId }),
      ...(files.length > 0 && { files }),
    });
    if (!answer.ok) say(answer.error, 'error');
    return answer.ok;
  };
};

const Mention = ({ name }: { name: string }): JSX.Element => (
  <span class="at composer-mention" title="In a channel the bot hears only what mentions it">
    @{name}
  </span>
);

const Post = ({
  chat,
  post: root,
  replies,
}: {
  chat: TeamsChat;
  post: TeamsActivity;
  replies: TeamsActivity[];
}): JSX.Element => {
  const { world } = useApp();
  const [replying, setReplying] = useState(false);
  const send = useSend(chat);
  return (
    <div class="channel-post">
      <Activity activity={root} inChannel />
      {replies.length > 0 && (
        <div class="channel-replies">
          {replies.map((reply) => (
            <Activity key={reply.id} activity={reply} inChannel />
          ))}
        </div>
      )}
      {replying ? (
        <Composer
          label={`Reply to this post in ${chat.name}`}
          placeholder="Reply"
          history="teams-commands"
          before={<Mention name={world.teams.bot.name} />}
          suggest={(text) => suggestCommands(text, '')}
          onSend={async (text) => {
            const sent = await send(text, { threadId: root.id });
            if (sent) setReplying(false);
            return sent;
          }}
        />
      ) : (
        <button type="button" class="reply-button" onClick={() => setReplying(true)}>
          Reply
        </button>
      )}
    </div>
  );
};

const Empty = ({ chat, bot }: { chat: TeamsChat; bot: string }): JSX.Element => (
  <div class="empty">
    <Mark size={44} />
    {chat.kind === 'personal' ? (
      <>
        <h3>Say hello to {bot}</h3>
        <p>
          Type <code>help</code> to see all it can do, or <code>home</code> for what waits for you.
        </p>
      </>
    ) : (
      <>
        <h3>Welcome to {chat.name}</h3>
        <p>
          Mention the bot to talk to it: <span class="at">@{bot}</span> <code>digest add</code> has a summary of your
          licences posted here every week.
        </p>
      </>
    )}
  </div>
);

const Chat = ({ chat }: { chat: TeamsChat }): JSX.Element => {
  const { world, persona, draft, say } = useApp();
  const send = useSend(chat);
  const [sent, setSent] = useState(0);
  const attach = async (file: File): Promise<{ id: string; name: string } | null> => {
    const answer = await upload(persona.id, file);
    if (!answer.ok) say(answer.error, 'error');
    return answer.ok ? answer.file : null;
  };
  const { bot, activities } = world.teams;
  const { posts, replies } = useMemo(() => {
    const here = activities.filter((one) => one.chat === chat.id);
    const known = new Set(here.map((one) => one.id));
    const isReply = (one: TeamsActivity): boolean => one.threadId !== undefined && known.has(one.threadId);
    return {
      posts: here.filter((one) => !isReply(one)),
      replies: Map.groupBy(here.filter(isReply), (one) => one.threadId ?? ''),
    };
  }, [activities, chat.id]);

  const unread = world.unread[persona.id]?.[chat.id] ?? 0;
  useEffect(() => {
    if (unread > 0) void post('/api/teams/read', { persona: persona.id, chat: chat.id });
  }, [unread, persona.id, chat.id]);

  const zone = zoneOf(persona);
  const now = businessNow(world.clock);
  const channel = chat.kind === 'channel';
  const name = channel ? chat.name : bot.name;
  let day = '';
  return (
    <>
      <ScrollLog
        label={`Messages in ${name}`}
        place={`${persona.id} ${chat.id}`}
        last={activities.findLast((one) => one.chat === chat.id)?.id ?? ''}
        sent={sent}
      >
        {posts.length === 0 && <Empty chat={chat} bot={bot.name} />}
        {posts.map((activity) => {
          const heading = dayHeading(new Date(activity.at), now, zone);
          const rule = heading !== day;
          day = heading;
          return (
            <Fragment key={activity.id}>
              {rule && <DayRule text={heading} />}
              {channel ? (
                <Post chat={chat} post={activity} replies={replies.get(activity.id) ?? []} />
              ) : (
                <Activity activity={activity} />
              )}
            </Fragment>
          );
        })}
      </ScrollLog>
      <Composer
        key={`${persona.id} ${chat.id}`}
        draft={draft}
        label={channel ? `Post in ${name}` : `Message ${name}`}
        placeholder={channel ? 'digest add' : 'Type a message — try help'}
        history="teams-commands"
        suggest={(text) => suggestCommands(text, '')}
        onSend={(text, files) => {
          setSent((count) => count + 1);
          return send(text, { files });
        }}
        {...(channel ? { before: <Mention name={bot.name} /> } : { attach })}
      />
    </>
  );
};

/** Teams, as the acting person sees it. */
export const TeamsPane = (): JSX.Element => {
  const { world, persona, route, go } = useApp();
  const [menu, setMenu] = useState(false);
  const { teams } = world;
  const user = persona.teamsUserId ?? '';
  const chats = useMemo(() => teams.chats.filter((one) => one.members.includes(user)), [teams.chats, user]);
  const current = chats.find((one) => one.id === route.place) ?? chats.find((one) => one.kind === 'personal');
  const dialog = teams.dialogs[persona.id];
  return (
    <section class={`stage teams${menu ? ' menu-open' : ''}`} aria-label="Teams">
      <div class="stage-side" inert={dialog !== undefined}>
        <ChatList
          chats={chats}
          current={current?.id}
          onOpen={(chat) => {
            setMenu(false);
            go({ place: chat.kind === 'personal' ? 'bot' : chat.id });
          }}
        />
      </div>
      <div class="pane" inert={dialog !== undefined} onClick={() => menu && setMenu(false)}>
        <header class="pane-head">
          <button
            type="button"
            class="icon-button only-phone"
            aria-label="Chats"
            aria-expanded={menu}
            onClick={(event) => {
              event.stopPropagation();
              setMenu(!menu);
            }}
          >
            <MenuIcon />
          </button>
          {current?.kind === 'personal' ? <Mark size={28} /> : <Avatar name={current?.name ?? ''} size={28} />}
          <h2>{current?.kind === 'channel' ? current.name : teams.bot.name}</h2>
          {current?.team && <small>{current.team.name}</small>}
        </header>
        {current ? <Chat chat={current} /> : <div class="empty">No chat</div>}
      </div>
      {dialog && <DialogWindow dialog={dialog} />}
      <Notices platform="teams" />
    </section>
  );
};
