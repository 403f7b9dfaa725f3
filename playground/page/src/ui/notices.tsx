import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../state/app-context.ts';
import type { Notice } from '../state/world.ts';
import { CloseIcon } from './icons.tsx';

const shownMs = 7000;

const Toast = ({ notice, onGone }: { notice: Notice; onGone: () => void }): JSX.Element => {
  useEffect(() => {
    const timer = setTimeout(onGone, shownMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class={`toast ${notice.tone}`} role={notice.tone === 'error' ? 'alert' : 'status'}>
      <span>{notice.text}</span>
      <button type="button" aria-label="Dismiss" onClick={onGone}>
        <CloseIcon size={14} />
      </button>
    </div>
  );
};

/** The short notices of one platform to the acting person. */
export const Notices = ({ platform }: { platform: 'slack' | 'teams' }): JSX.Element => {
  const { world, persona } = useApp();
  const [gone, setGone] = useState<ReadonlySet<number>>(new Set());
  const shown = world.notices.filter(
    (one) => one.platform === platform && one.persona === persona.id && !gone.has(one.id),
  );
  return (
    <div class="toasts" aria-live="polite">
      {shown.slice(-3).map((notice) => (
        <Toast key={notice.id} notice={notice} onGone={() => setGone((before) => new Set([...before, notice.id]))} />
      ))}
    </div>
  );
};
