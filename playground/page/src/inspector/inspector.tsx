import type { JSX } from 'preact';
import { memo } from 'preact/compat';
import { useMemo, useState } from 'preact/hooks';
import type { TrafficEntry } from '../../../protocol.ts';
import { useApp } from '../state/app-context.ts';
import { post } from '../state/post.ts';
import { JsonView } from '../ui/json-view.tsx';

const shownAtMost = 200;

type State = 'running' | 'good' | 'bad';

const stateOf = (entry: TrafficEntry): State =>
  entry.problem !== undefined || entry.status >= 400
    ? 'bad'
    : entry.status === 0 && entry.response === null
      ? 'running'
      : 'good';

const Entry = memo(
  ({ entry }: { entry: TrafficEntry }): JSX.Element => {
    const [open, setOpen] = useState(false);
    const state = stateOf(entry);
    return (
      <li>
        <details class={`traffic-entry ${state}`} onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>
            <span class={`direction ${entry.direction}`}>{entry.direction === 'to_app' ? '→ app' : '← app'}</span>
            <b title={entry.name}>{entry.name}</b>
            <span class="status" title={state === 'running' ? 'under way' : `status ${entry.status || 'none'}`}>
              {state === 'bad' && (entry.status || 'lost')}
            </span>
            <span class="ms">{state === 'running' ? '…' : `${entry.ms} ms`}</span>
          </summary>
          {open && (
            <div class="traffic-body">
              {entry.problem && <p class="traffic-problem">{entry.problem}</p>}
              <p class="traffic-path">
                {entry.method} {entry.path}
                {entry.persona && <> · {entry.persona}</>}
              </p>
              <h4>Request</h4>
              <JsonView value={entry.request} />
              <h4>Response {entry.status > 0 && entry.status}</h4>
              <JsonView value={entry.response} />
            </div>
          )}
        </details>
      </li>
    );
  },
  (before, after) => before.entry === after.entry,
);

type Shown = 'all' | 'slack' | 'teams' | 'problems';

const matches = (entry: TrafficEntry, shown: Shown, query: string): boolean =>
  (shown === 'all' || (shown === 'problems' ? stateOf(entry) === 'bad' : entry.platform === shown)) &&
  (query === '' ||
    `${entry.name} ${entry.path} ${entry.problem ?? ''} ${entry.persona ?? ''}`
      .toLowerCase()
      .includes(query.toLowerCase()));

/** Every request between the platforms and the app, newest first. */
export const Inspector = (): JSX.Element => {
  const { world } = useApp();
  const [shown, setShown] = useState<Shown>('all');
  const [query, setQuery] = useState('');
  const entries = useMemo(
    () => world.traffic.filter((entry) => matches(entry, shown, query)).toReversed(),
    [world.traffic, shown, query],
  );
  return (
    <aside class="inspector" aria-label="Traffic">
      <header>
        <h2>Traffic</h2>
        <span class="inspector-count">
          {entries.length} {entries.length === 1 ? 'event' : 'events'}
        </span>
        <button
          type="button"
          class="quiet"
          disabled={world.traffic.length === 0}
          onClick={() => void post('/api/traffic/clear', {})}
        >
          Clear
        </button>
      </header>
      <div class="inspector-filter">
        <input
          type="search"
          placeholder="Filter"
          aria-label="Filter traffic"
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
        <select
          aria-label="Which traffic"
          value={shown}
          onChange={(event) => setShown(event.currentTarget.value as Shown)}
        >
          <option value="all">All</option>
          <option value="slack">Slack</option>
          <option value="teams">Teams</option>
          <option value="problems">Problems</option>
        </select>
      </div>
      <ol class="traffic" tabIndex={0} aria-label="Requests, newest first">
        {entries.slice(0, shownAtMost).map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
        {entries.length === 0 && (
          <li class="traffic-none">
            {world.traffic.length === 0
              ? 'Every signed request and answer between the platforms and the app appears here.'
              : 'Nothing matches the filter.'}
          </li>
        )}
      </ol>
    </aside>
  );
};
