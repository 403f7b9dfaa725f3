import type { JSX } from 'preact';
import { useApp } from '../state/app-context.ts';
import { hasPane, panes } from '../state/route.ts';
import type { Pane } from '../state/route.ts';
import type { World } from '../state/world.ts';
import { MoonIcon, SunIcon, TourIcon, TrafficIcon } from '../ui/icons.tsx';
import { Mark } from '../ui/mark.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Clock } from './clock.tsx';
import { FaultSwitches } from './fault-switches.tsx';
import { PersonaChooser } from './persona-chooser.tsx';

const labels: Record<Pane, string> = { slack: 'Slack', teams: 'Teams', mail: 'Mail' };

const unreadIn = (world: World, persona: string, pane: Pane): number => {
  const places = world.unread[persona] ?? {};
  if (pane === 'mail') return places['mail'] ?? 0;
  const own = pane === 'slack' ? world.slack.channels : world.teams.chats;
  return own.reduce((sum, { id }) => sum + (places[id] ?? 0), 0);
};

export const PaneTabs = (): JSX.Element => {
  const { world, persona, route, go } = useApp();
  return (
    <Tabs
      label="Platform"
      current={route.pane}
      tabs={panes.map((pane) => ({
        id: pane,
        label: labels[pane],
        count: unreadIn(world, persona.id, pane),
        disabled: !hasPane(persona, pane),
        ...(!hasPane(persona, pane) && { title: `${persona.name} has no account in ${labels[pane]}` }),
      }))}
      onChoose={(pane) => go({ pane, place: 'bot' })}
    />
  );
};

export const TopBar = ({
  onTheme,
  onTour,
  onTraffic,
  trafficOpen,
}: {
  onTheme: () => void;
  onTour: () => void;
  onTraffic: () => void;
  trafficOpen: boolean;
}): JSX.Element => {
  const { theme, world } = useApp();
  return (
    <header class="top">
      <h1>
        <Mark size={28} />
        <span>
          Seatwise <em>playground</em>
        </span>
      </h1>
      <div class="top-tabs">
        <PaneTabs />
      </div>
      <span class="grow" />
      <PersonaChooser />
      <Clock />
      <div class="top-tools">
        <FaultSwitches />
        <button
          type="button"
          class="icon-button"
          aria-label={theme === 'dark' ? 'Light theme' : 'Dark theme'}
          title={theme === 'dark' ? 'Light theme' : 'Dark theme'}
          onClick={onTheme}
        >
          {theme === 'dark' ? <SunIcon /> : <MoonIcon />}
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label="Guided tour"
          title="Guided tour"
          aria-pressed={!world.tour.dismissed}
          onClick={onTour}
        >
          <TourIcon />
        </button>
        <button
          type="button"
          class="icon-button only-narrow"
          aria-label="Traffic"
          title="Traffic"
          aria-pressed={trafficOpen}
          onClick={onTraffic}
        >
          <TrafficIcon />
        </button>
      </div>
    </header>
  );
};
