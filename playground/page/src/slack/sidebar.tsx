import type { JSX } from 'preact';
import type { SlackChannel } from '../../../protocol.ts';
import { useApp } from '../state/app-context.ts';
import { roveFocus } from '../ui/popup.tsx';
import { Mark } from '../ui/mark.tsx';

const Entry = ({
  current,
  unread,
  onOpen,
  children,
}: {
  current: boolean;
  unread: number;
  onOpen: () => void;
  children: JSX.Element | JSX.Element[];
}): JSX.Element => (
  <button type="button" aria-current={current ? 'page' : undefined} class={unread > 0 ? 'unread' : ''} onClick={onOpen}>
    {children}
    {unread > 0 && (
      <span class="count">
        {unread}
        <span class="hidden"> unread</span>
      </span>
    )}
  </button>
);

export const SlackSidebar = ({
  channels,
  dm,
  place,
  onOpen,
}: {
  channels: readonly SlackChannel[];
  dm: SlackChannel | undefined;
  place: string;
  onOpen: (place: string) => void;
}): JSX.Element => {
  const { world, persona } = useApp();
  const unread = world.unread[persona.id] ?? {};
  return (
    <nav
      class="sidebar"
      aria-label="Slack channels"
      onKeyDown={(event) => void roveFocus(event, event.currentTarget, 'button')}
    >
      <h2>{world.slack.teamName}</h2>
      <div class="caption">Channels</div>
      {channels.map((channel) => (
        <Entry
          key={channel.id}
          current={place === channel.id}
          unread={unread[channel.id] ?? 0}
          onOpen={() => onOpen(channel.id)}
        >
          <span class="hash" aria-hidden="true">
            #
          </span>
          <span class="name">{channel.name}</span>
        </Entry>
      ))}
      {channels.length === 0 && <p class="caption">{persona.name} is in no channel.</p>}
      <div class="caption">Apps</div>
      {dm && (
        <Entry current={place === dm.id || place === 'home'} unread={unread[dm.id] ?? 0} onOpen={() => onOpen(dm.id)}>
          <Mark size={20} />
          <span class="name">{world.slack.bot.name}</span>
        </Entry>
      )}
    </nav>
  );
};
