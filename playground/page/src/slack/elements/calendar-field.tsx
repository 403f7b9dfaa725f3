import type { JSX } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { addDays, addMonths, dayAt, daysInMonth, formatDay, weekday } from '../../ui/calendar-days.ts';
import { CalendarIcon } from '../../ui/icons.tsx';
import { Popup, useLeave } from '../../ui/popup.tsx';
import { fieldAria } from '../blocks/context.ts';
import type { FieldProps } from '../blocks/context.ts';
import { useDirectory } from '../text/directory.ts';

const steps: Record<string, (day: string) => string> = {
  ArrowLeft: (day) => addDays(day, -1),
  ArrowRight: (day) => addDays(day, 1),
  ArrowUp: (day) => addDays(day, -7),
  ArrowDown: (day) => addDays(day, 7),
  PageUp: (day) => addMonths(day, -1),
  PageDown: (day) => addMonths(day, 1),
  Home: (day) => addDays(day, -weekday(day)),
  End: (day) => addDays(day, 6 - weekday(day)),
};

const weekdays = Array.from({ length: 7 }, (_, index) => formatDay(`2026-11-0${index + 1}`, { weekday: 'narrow' }));

/** A date as a button that opens a month; arrows move by day and week, Page keys by month, Enter picks. */
export const CalendarField = ({
  value,
  placeholder,
  onPick,
  field,
  actionId,
  label,
}: {
  value: string | undefined;
  placeholder: string;
  onPick: (day: string) => void;
  field?: FieldProps | undefined;
  actionId?: string | undefined;
  label?: string;
}): JSX.Element => {
  const { now, timeZone } = useDirectory();
  const today = dayAt(now, timeZone);
  const [open, setOpen] = useState(false);
  const [cursor, setCursor] = useState(value ?? today);
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const text = useId();
  useLeave(root, open, () => setOpen(false));
  // In a layout effect: a key typed right after the last must find the focus already moved.
  useLayoutEffect(() => {
    if (open) grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }, [open, cursor]);

  const toggle = (): void => {
    setCursor(value ?? today);
    setOpen(!open);
  };
  const pick = (day: string): void => {
    onPick(day);
    setOpen(false);
    opener.current?.focus();
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && open) {
      event.stopPropagation();
      setOpen(false);
      opener.current?.focus();
    }
  };
  const gridKey = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    setCursor(step(cursor));
  };
  const first = `${cursor.slice(0, 8)}01`;
  return (
    <div class="combo date-field" ref={root} onKeyDown={key}>
      <button
        ref={opener}
        type="button"
        {...fieldAria(field)}
        // The label says what it is for, the text what is chosen; a button would else lose one of them.
        aria-labelledby={field ? `${field.labelId} ${text}` : undefined}
        aria-label={field ? undefined : label}
        aria-required={undefined}
        aria-invalid={undefined}
        class="input date-button"
        aria-haspopup="dialog"
        aria-expanded={open}
        data-action={actionId}
        onClick={toggle}
      >
        <CalendarIcon />
        <span id={text} class={value ? '' : 'placeholder'}>
          {value ? formatDay(value, { dateStyle: 'long' }) : placeholder}
        </span>
        <span class="chevron" aria-hidden="true" />
      </button>
      {open && (
        <Popup class="calendar" role="dialog" aria-label="Calendar">
          <div class="calendar-head">
            <button type="button" aria-label="Previous month" onClick={() => setCursor(addMonths(cursor, -1))}>
              ‹
            </button>
            <b aria-live="polite">{formatDay(first, { month: 'long', year: 'numeric' })}</b>
            <button type="button" aria-label="Next month" onClick={() => setCursor(addMonths(cursor, 1))}>
              ›
            </button>
          </div>
          <div class="calendar-grid" ref={grid} onKeyDown={gridKey}>
            {weekdays.map((name, index) => (
              <span key={index} class="calendar-weekday" aria-hidden="true">
                {name}
              </span>
            ))}
            {Array.from({ length: daysInMonth(first) }, (_, index) => {
              const day = addDays(first, index);
              return (
                <button
                  key={day}
                  type="button"
                  tabIndex={day === cursor ? 0 : -1}
                  aria-label={formatDay(day, { dateStyle: 'full' })}
                  aria-pressed={day === value}
                  class={`${day === value ? 'picked' : ''} ${day === today ? 'today' : ''}`}
                  style={index === 0 ? { gridColumnStart: weekday(first) + 1 } : {}}
                  onClick={() => pick(day)}
                >
                  {index + 1}
                </button>
              );
            })}
          </div>
        </Popup>
      )}
    </div>
  );
};
