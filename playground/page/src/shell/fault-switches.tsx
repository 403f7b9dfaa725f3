import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Faults } from '../../../protocol.ts';
import { useApp } from '../state/app-context.ts';
import { post } from '../state/post.ts';
import { FaultIcon } from '../ui/icons.tsx';
import { Popup, useLeave } from '../ui/popup.tsx';

const platforms = ['slack', 'teams'] as const;
const states: Record<Faults['slack'], string> = { ok: 'Works', rate_limited: 'Rate limited (429)', down: 'Down (500)' };

/** What goes wrong outside: for seeing what the app does about it. */
export const FaultSwitches = (): JSX.Element => {
  const { world, say } = useApp();
  const { faults } = world;
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLSpanElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useLeave(root, open, () => setOpen(false));
  const set = async (change: Partial<Faults>): Promise<void> => {
    const answer = await post('/api/faults', change);
    if (!answer.ok) say(answer.error, 'error');
  };
  const active = [faults.slack !== 'ok', faults.teams !== 'ok', faults.duplicateDeliveries, faults.slowNetwork].filter(
    Boolean,
  ).length;
  return (
    <span
      class="popup-anchor"
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        setOpen(false);
        opener.current?.focus();
      }}
    >
      <button
        ref={opener}
        type="button"
        class={`icon-button${active > 0 ? ' alarmed' : ''}`}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={active > 0 ? `Faults: ${active} on` : 'Faults'}
        title="Faults"
        onClick={() => setOpen(!open)}
      >
        <FaultIcon />
        {active > 0 && <span class="badge">{active}</span>}
      </button>
      {open && (
        <Popup class="faults" role="dialog" aria-label="Faults">
          <h2>What goes wrong</h2>
          {platforms.map((platform) => (
            <label key={platform} class="fault-row">
              <span>{platform === 'slack' ? 'Slack' : 'Teams'}</span>
              <select
                value={faults[platform]}
                onChange={(event) => void set({ [platform]: event.currentTarget.value as Faults['slack'] })}
              >
                {Object.entries(states).map(([value, label]) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </select>
            </label>
          ))}
          <label class="fault-row">
            <span>Retry-After</span>
            <span>
              <input
                type="number"
                min={1}
                max={300}
                value={faults.retryAfterSeconds}
                onChange={(event) => void set({ retryAfterSeconds: Number(event.currentTarget.value) || 1 })}
              />{' '}
              s
            </span>
          </label>
          <label class="fault-check">
            <input
              type="checkbox"
              checked={faults.duplicateDeliveries}
              onChange={(event) => void set({ duplicateDeliveries: event.currentTarget.checked })}
            />
            <span>
              Deliver everything twice <small>as a platform does after a lost answer</small>
            </span>
          </label>
          <label class="fault-check">
            <input
              type="checkbox"
              checked={faults.slowNetwork}
              onChange={(event) => void set({ slowNetwork: event.currentTarget.checked })}
            />
            <span>
              Slow network <small>a second more each way</small>
            </span>
          </label>
        </Popup>
      )}
    </span>
  );
};
