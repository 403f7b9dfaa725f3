import { ExecuteAction, OpenUrlAction, SubmitAction } from 'adaptivecards';
import type { Action } from 'adaptivecards';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { JsonObject } from '../../../protocol.ts';
import { useApp } from '../state/app-context.ts';
import { Spinner } from '../ui/icons.tsx';
import { renderCard } from './card-renderer.ts';
import type { Search } from './card-renderer.ts';

/** What a person does with a card. Each resolves when the app has answered. */
export interface CardDoors {
  execute?: (verb: string, data: JsonObject) => Promise<void>;
  submit: (data: JsonObject) => Promise<void>;
  search: Search;
}

const dataOf = (action: SubmitAction | ExecuteAction): JsonObject =>
  typeof action.data === 'string' ? { value: action.data } : ((action.data ?? {}) as JsonObject);

/** An Adaptive Card in Teams' looks. A new payload, turn or theme draws it anew; what was typed is then the app's to refill. */
export const Card = ({
  payload,
  doors,
  turn = 0,
  busy = false,
}: {
  payload: JsonObject;
  doors: CardDoors;
  turn?: number;
  busy?: boolean;
}): JSX.Element => {
  const { theme } = useApp();
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef(doors);
  latest.current = doors;
  const [working, setWorking] = useState(false);
  const mounted = useRef(true);
  useEffect(() => () => void (mounted.current = false), []);

  // An equal card is not drawn again: what is being typed into it must stay.
  const key = JSON.stringify(payload);
  useLayoutEffect(() => {
    const card = renderCard(JSON.parse(key) as object, theme, (dataset, query) =>
      latest.current.search(dataset, query),
    );
    if (!card?.renderedElement) {
      host.current?.replaceChildren('This card could not be drawn.');
      return;
    }
    const run = async (work: Promise<void>): Promise<void> => {
      setWorking(true);
      await work;
      if (mounted.current) setWorking(false);
    };
    card.onExecuteAction = (action: Action) => {
      if (action instanceof OpenUrlAction) {
        if (action.url && /^https?:\/\//i.test(action.url)) window.open(action.url, '_blank', 'noreferrer');
      } else if (action instanceof ExecuteAction && latest.current.execute) {
        void run(latest.current.execute(action.verb ?? '', dataOf(action)));
      } else if (action instanceof SubmitAction || action instanceof ExecuteAction) {
        void run(latest.current.submit(dataOf(action)));
      }
    };
    host.current?.replaceChildren(card.renderedElement);
  }, [key, theme, turn]);

  return (
    <div class="teams-card" aria-busy={working || busy}>
      <div ref={host} inert={working || busy} />
      {(working || busy) && (
        <div class="card-busy">
          <Spinner />
        </div>
      )}
    </div>
  );
};
