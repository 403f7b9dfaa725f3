import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';

export interface Tab<Id extends string> {
  id: Id;
  label: string;
  count?: number;
  disabled?: boolean;
  /** Why it is disabled. */
  title?: string;
}

/** A row of tabs: one tab stop, arrow keys move and choose. */
export const Tabs = <Id extends string>({
  label,
  tabs,
  current,
  onChoose,
  small = false,
}: {
  label: string;
  tabs: readonly Tab<Id>[];
  current: Id;
  onChoose: (id: Id) => void;
  small?: boolean;
}): JSX.Element => {
  const root = useRef<HTMLDivElement>(null);
  const key = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const usable = tabs.filter((tab) => !tab.disabled);
    const next = usable[(usable.findIndex((tab) => tab.id === current) + by + usable.length) % usable.length];
    if (!next) return;
    onChoose(next.id);
    root.current?.querySelectorAll<HTMLElement>('[role=tab]')[tabs.indexOf(next)]?.focus();
  };
  return (
    <div ref={root} class={`tabs${small ? ' small' : ''}`} role="tablist" aria-label={label} onKeyDown={key}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          aria-selected={tab.id === current}
          tabIndex={tab.id === current ? 0 : -1}
          disabled={tab.disabled}
          title={tab.title}
          onClick={() => onChoose(tab.id)}
        >
          {tab.label}
          {tab.count !== undefined && tab.count > 0 && (
            <span class="tab-count">
              {tab.count}
              <span class="hidden"> unread</span>
            </span>
          )}
        </button>
      ))}
    </div>
  );
};
