import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { useApp } from '../state/app-context.ts';
import { businessNow, zoneOf } from '../state/business-time.ts';
import { MenuIcon } from '../ui/icons.tsx';
import { Mark } from '../ui/mark.tsx';
import { Notices } from '../ui/notices.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Conversation } from './conversation.tsx';
import { Home } from './home.tsx';
import { ModalStack } from './modal.tsx';
import { SlackSidebar } from './sidebar.tsx';
import { DirectoryContext } from './text/directory.ts';
import type { Directory } from './text/directory.ts';

/** Slack, as the acting person sees it. */
export const SlackPane = (): JSX.Element => {
  const { world, persona, route, go } = useApp();
  const [menu, setMenu] = useState(false);
  const { slack, clock } = world;
  const user = persona.slackUserId ?? '';
  const mine = useMemo(() => slack.channels.filter((one) => one.members.includes(user)), [slack.channels, user]);
  const channels = mine.filter((one) => one.kind === 'channel');
  const dm = mine.find((one) => one.kind === 'im');
  const modals = slack.modals[persona.id];
  const open = modals !== undefined && modals.views.length > 0;

  const directory = useMemo<Directory>(
    () => ({
      users: [
        ...slack.users.map(({ id, name }) => ({ id, name })),
        ...(slack.users.some((one) => one.id === slack.bot.userId)
          ? []
          : [{ id: slack.bot.userId, name: slack.bot.name }]),
      ].map((one) => ({ ...one, bot: one.id === slack.bot.userId })),
      channels: slack.channels.filter((one) => one.kind === 'channel'),
      timeZone: zoneOf(persona),
      now: businessNow(clock),
      openChannel: (id) => go({ place: id }),
    }),
    // `go` is made anew with every render, and does the same each time.
    [slack.users, slack.bot, slack.channels, persona, clock],
  );

  const home = route.place === 'home';
  const current = mine.find((one) => one.id === route.place) ?? dm;
  const inApp = home || current?.kind === 'im';
  const show = (place: string): void => {
    setMenu(false);
    go({ place });
  };
  return (
    <DirectoryContext.Provider value={directory}>
      <section class={`stage slack${menu ? ' menu-open' : ''}`} aria-label="Slack">
        <div class="stage-side" inert={open}>
          <SlackSidebar channels={channels} dm={dm} place={home ? 'home' : (current?.id ?? '')} onOpen={show} />
        </div>
        <div class="pane" inert={open} onClick={() => menu && setMenu(false)}>
          <header class="pane-head">
            <button
              type="button"
              class="icon-button only-phone"
              aria-label="Channels"
              aria-expanded={menu}
              onClick={(event) => {
                event.stopPropagation();
                setMenu(!menu);
              }}
            >
              <MenuIcon />
            </button>
            {inApp ? (
              <>
                <Mark size={24} />
                <h2>{slack.bot.name}</h2>
                <Tabs
                  label={`${slack.bot.name} tabs`}
                  small
                  current={home ? 'home' : 'messages'}
                  tabs={[
                    { id: 'home', label: 'Home' },
                    { id: 'messages', label: 'Messages' },
                  ]}
                  onChoose={(tab) => show(tab === 'home' ? 'home' : (dm?.id ?? 'bot'))}
                />
              </>
            ) : (
              <>
                <h2>
                  <span aria-hidden="true"># </span>
                  {current?.name}
                </h2>
                <small>
                  {current?.members.length} {current?.members.length === 1 ? 'member' : 'members'}
                  {current?.botIsMember ? `, ${slack.bot.name} among them` : ''}
                </small>
              </>
            )}
          </header>
          {home ? <Home /> : current ? <Conversation channel={current} /> : <div class="empty">No conversation</div>}
        </div>
        {open && <ModalStack key={modals.views[0]?.id} modals={modals} />}
        <Notices platform="slack" />
      </section>
    </DirectoryContext.Provider>
  );
};
