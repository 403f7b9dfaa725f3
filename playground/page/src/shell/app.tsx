import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { Inspector } from '../inspector/inspector.tsx';
import { MailPane } from '../mail/mail-pane.tsx';
import { SlackPane } from '../slack/slack-pane.tsx';
import { AppContext } from '../state/app-context.ts';
import type { App as AppValue, Draft } from '../state/app-context.ts';
import { listen } from '../state/connection.ts';
import type { Link } from '../state/connection.ts';
import { post } from '../state/post.ts';
import { readRoute, writeRoute } from '../state/route.ts';
import type { Route } from '../state/route.ts';
import { useTheme } from '../state/theme.ts';
import { applyEvent } from '../state/world.ts';
import type { World } from '../state/world.ts';
import { TeamsPane } from '../teams/teams-pane.tsx';
import { Tour } from '../tour/tour.tsx';
import { Spinner } from '../ui/icons.tsx';
import { Mark } from '../ui/mark.tsx';
import { PaneTabs, TopBar } from './top-bar.tsx';

const useWorld = (): [World | null, Link, (change: (world: World | null) => World | null) => void] => {
  const [world, setWorld] = useState<World | null>(null);
  const [link, setLink] = useState<Link>('connecting');
  useEffect(
    () =>
      listen(
        (name, data) => setWorld((before) => applyEvent(before, name, data)),
        (next) => setLink(next),
      ),
    [],
  );
  return [world, link, setWorld];
};

const useHash = (): [string, (hash: string) => void] => {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = (): void => setHash(location.hash);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return [
    hash,
    useCallback((next: string) => {
      if (next !== location.hash) history.pushState(null, '', next);
      setHash(next);
    }, []),
  ];
};

const Banner = ({ link, world }: { link: Link; world: World }): JSX.Element | null => {
  const text =
    link === 'lost'
      ? 'The playground server is away. This page comes back by itself as soon as it answers.'
      : world.product.state === 'starting'
        ? 'The app is starting…'
        : world.product.state === 'down'
          ? (world.product.message ?? 'The app behind the playground does not answer.')
          : null;
  return text ? (
    <div class={`banner ${world.product.state === 'down' || link === 'lost' ? 'bad' : ''}`} role="alert">
      <Spinner /> {text}
    </div>
  ) : null;
};

const Loading = ({ link }: { link: Link }): JSX.Element => (
  <main class="loading">
    <Mark size={56} />
    <h1>Seatwise playground</h1>
    <p>
      <Spinner /> {link === 'lost' ? 'Waiting for the playground server…' : 'Opening the desk…'}
    </p>
  </main>
);

export const App = (): JSX.Element => {
  const [world, link, setWorld] = useWorld();
  const [hash, setHash] = useHash();
  const [theme, setTheme] = useTheme();
  const [traffic, setTraffic] = useState(false);
  const [draft, setDraft] = useState<Draft | null>(null);
  const personas = world?.personas;
  const route = useMemo(() => (personas ? readRoute(hash, personas) : null), [hash, personas]);
  const persona = personas?.find((one) => one.id === route?.persona);

  const go = useCallback(
    (change: Partial<Route>, text?: string) => {
      if (!personas) return;
      setDraft(text === undefined ? null : { id: Date.now(), text });
      setTraffic(false);
      setHash(writeRoute({ ...readRoute(location.hash, personas), ...change }, personas));
    },
    [personas, setHash],
  );

  useEffect(() => {
    document.title = persona ? `${persona.name} · Seatwise playground` : 'Seatwise playground';
  }, [persona]);

  if (!world || !route || !persona) return <Loading link={link} />;

  const app: AppValue = {
    world,
    persona,
    route,
    theme,
    go,
    draft,
    say: (text, tone = 'info') =>
      setWorld((before) =>
        applyEvent(before, 'notice', {
          persona: persona.id,
          platform: route.pane === 'teams' ? 'teams' : 'slack',
          tone,
          text,
        }),
      ),
  };
  const setTour = (dismissed: boolean): void => void post('/api/tour', { ...world.tour, dismissed });
  return (
    <AppContext.Provider value={app}>
      <div class={`shell${traffic ? ' traffic-open' : ''}`}>
        <TopBar
          onTheme={() => setTheme(theme === 'dark' ? 'light' : 'dark')}
          onTour={() => setTour(!world.tour.dismissed)}
          onTraffic={() => setTraffic(!traffic)}
          trafficOpen={traffic}
        />
        <Banner link={link} world={world} />
        <main class="main">
          {route.pane === 'slack' ? <SlackPane /> : route.pane === 'teams' ? <TeamsPane /> : <MailPane />}
        </main>
        <div class="aside">
          {!world.tour.dismissed && <Tour onDismiss={() => setTour(true)} />}
          <Inspector />
        </div>
        <div class="bottom-bar">
          <PaneTabs />
        </div>
      </div>
    </AppContext.Provider>
  );
};
