import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../state/app-context.ts';
import { hasPane, nearestPane } from '../state/route.ts';
import { Avatar } from '../ui/avatar.tsx';
import { CheckIcon } from '../ui/icons.tsx';
import { Popup, roveFocus, useLeave } from '../ui/popup.tsx';

/** Who one is. Choosing someone who is not on the shown platform moves to one where he is. */
export const PersonaChooser = (): JSX.Element => {
  const { world, persona, route, go } = useApp();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useLeave(root, open, () => setOpen(false));
  useLayoutEffect(() => {
    if (open) root.current?.querySelector<HTMLElement>('[aria-checked=true]')?.focus();
  }, [open]);
  const close = (): void => {
    setOpen(false);
    opener.current?.focus();
  };
  const waiting = (id: string): number => Object.values(world.unread[id] ?? {}).reduce((sum, count) => sum + count, 0);
  return (
    <div
      class="popup-anchor persona"
      ref={root}
      onKeyDown={(event) => {
        if (open && event.key === 'Escape') close();
        else if (open) roveFocus(event, root.current, '[role=menuitemradio]');
        else if (event.key === 'ArrowDown') {
          event.preventDefault();
          setOpen(true);
        }
      }}
    >
      <button
        ref={opener}
        type="button"
        class="persona-button"
        aria-haspopup="menu"
        aria-expanded={open}
        title={persona.title}
        onClick={() => setOpen(!open)}
      >
        <Avatar name={persona.name} size={28} round />
        <span class="persona-text">
          <small>Acting as </small>
          <b>
            {persona.name.split(' ')[0]} <span class="rest">{persona.name.split(' ').slice(1).join(' ')}</span>
          </b>
        </span>
        <span class="chevron" aria-hidden="true" />
      </button>
      {open && (
        <Popup class="menu shell-menu personas" role="menu" aria-label="Acting as">
          {world.personas.map((one) => (
            <button
              key={one.id}
              type="button"
              role="menuitemradio"
              aria-checked={one.id === persona.id}
              tabIndex={-1}
              onClick={() => {
                close();
                const pane = nearestPane(one, route.pane);
                go({ persona: one.id, pane, place: 'bot' });
              }}
            >
              <Avatar name={one.name} size={32} round />
              <span class="persona-entry">
                <b>{one.name}</b>
                <small>{one.title}</small>
                <small class="persona-places">
                  {hasPane(one, 'slack') && <span>Slack</span>}
                  {hasPane(one, 'teams') && <span>Teams</span>}
                  {waiting(one.id) > 0 && <span class="waiting">{waiting(one.id)} unread</span>}
                </small>
              </span>
              {one.id === persona.id && <CheckIcon size={18} />}
            </button>
          ))}
        </Popup>
      )}
    </div>
  );
};
