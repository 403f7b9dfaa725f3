import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Endpoints } from '../../../protocol.ts';
import { useApp } from '../state/app-context.ts';
import { businessNow, clockDay, zoneOf } from '../state/business-time.ts';
import { post } from '../state/post.ts';
import { dayAt, instantOf, addDays, timeAt, weekday } from '../ui/calendar-days.ts';
import { Spinner } from '../ui/icons.tsx';
import { Popup, roveFocus, useLeave } from '../ui/popup.tsx';

type Turn = Endpoints['/api/clock']['body'];

/** The next Monday at 09:00 in a zone, after `now`. */
export const nextMonday = (now: Date, timeZone: string): Date => {
  const today = dayAt(now, timeZone);
  const days = (8 - weekday(today)) % 7;
  const monday = instantOf(addDays(today, days), '09:00', timeZone);
  return monday > now ? monday : instantOf(addDays(today, days + 7), '09:00', timeZone);
};

const dueText = (due: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(due));

/** Business time, and the ways to turn it. It runs forward only, as what has happened cannot be undone. */
export const Clock = (): JSX.Element => {
  const { world, persona, say } = useApp();
  const { clock } = world;
  const zone = zoneOf(persona);
  const [, tick] = useState(0);
  const [turning, setTurning] = useState(false);
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  useLeave(root, open, () => setOpen(false));
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 5000);
    return () => clearInterval(timer);
  }, []);

  const now = businessNow(clock);
  const busy = turning || clock.turning;
  const turn = async (by: Turn): Promise<void> => {
    setOpen(false);
    setTurning(true);
    const answer = await post('/api/clock', by);
    setTurning(false);
    if (!answer.ok) say(answer.error, 'error');
  };
  const choices: { label: string; short: string; turn: Turn; hint?: string; disabled?: boolean }[] = [
    { label: 'One hour', short: '+1 h', turn: { by: 'minutes', minutes: 60 } },
    { label: 'One day', short: '+1 d', turn: { by: 'minutes', minutes: 1440 } },
    {
      label: 'Monday 09:00',
      short: 'Mon 09:00',
      turn: { by: 'instant', instant: nextMonday(now, zone).toISOString() },
      hint: clockDay(nextMonday(now, zone), zone),
    },
    {
      label: 'Next due',
      short: 'Next due ▸',
      turn: { by: 'next_due' },
      hint: clock.nextDue ? dueText(clock.nextDue, zone) : 'nothing is due',
      disabled: clock.nextDue === null,
    },
  ];
  return (
    <div class="clock" ref={root} role="group" aria-label="Clock">
      <span class="clock-now" title={`Business time in ${zone}`}>
        <small>{clockDay(now, zone)}</small>
        <time dateTime={now.toISOString()}>{timeAt(now, zone)}</time>
      </span>
      {busy && <Spinner />}
      <span class="clock-buttons">
        {choices.map((choice) => (
          <button
            key={choice.short}
            type="button"
            disabled={busy || choice.disabled}
            aria-label={`${choice.short.replace(' ▸', '')}: turn the clock`}
            title={choice.hint ?? choice.label}
            onClick={() => void turn(choice.turn)}
          >
            {choice.short}
          </button>
        ))}
      </span>
      <span class="popup-anchor clock-menu">
        <button
          type="button"
          aria-haspopup="menu"
          aria-expanded={open}
          aria-label="Turn the clock"
          disabled={busy}
          onClick={() => setOpen(!open)}
        >
          Turn ▾
        </button>
        {open && (
          <Popup
            class="menu shell-menu"
            role="menu"
            onKeyDown={(event) => {
              if (event.key === 'Escape') setOpen(false);
              else roveFocus(event, event.currentTarget, '[role=menuitem]');
            }}
          >
            {choices.map((choice) => (
              <button
                key={choice.short}
                type="button"
                role="menuitem"
                disabled={choice.disabled}
                onClick={() => void turn(choice.turn)}
              >
                {choice.label} {choice.hint && <small>{choice.hint}</small>}
              </button>
            ))}
          </Popup>
        )}
      </span>
    </div>
  );
};
