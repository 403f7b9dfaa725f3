import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Popup, useLeave } from './popup.tsx';

export interface Choice {
  value: string;
  label: string;
  description?: string;
  group?: string;
  picture?: ComponentChildren;
}

interface ComboProps {
  choices: readonly Choice[];
  selected: readonly Choice[];
  onSelect: (selected: Choice[]) => void;
  multiple?: boolean;
  max?: number;
  placeholder?: string | undefined;
  /** The narrow form that stands among buttons. */
  compact?: boolean;
  /** Live search elsewhere; `choices` is then not looked at. */
  search?: (query: string) => Promise<readonly Choice[]>;
  minQuery?: number;
  /** What a typed text means that no choice has, such as a time between two listed ones. */
  read?: (query: string) => Choice | undefined;
  aria: Record<string, string | boolean | undefined>;
}

const debounceMs = 220;
const shownAtMost = 100;

type Found = { state: 'idle' | 'busy' | 'failed' } | { state: 'found'; choices: readonly Choice[] };

/** Runs the search 220 ms after the last key, and forgets answers that a newer query has overtaken. */
const useSearch = (open: boolean, query: string, { search, minQuery = 0 }: ComboProps): Found => {
  const [found, setFound] = useState<Found>({ state: 'idle' });
  const latest = useRef(search);
  latest.current = search;
  const active = open && search !== undefined && [...query].length >= minQuery;
  useEffect(() => {
    if (!active) {
      setFound({ state: 'idle' });
      return undefined;
    }
    let overtaken = false;
    setFound({ state: 'busy' });
    const timer = setTimeout(() => {
      latest.current?.(query).then(
        (choices) => !overtaken && setFound({ state: 'found', choices }),
        () => !overtaken && setFound({ state: 'failed' }),
      );
    }, debounceMs);
    return () => {
      overtaken = true;
      clearTimeout(timer);
    };
  }, [active, query]);
  return found;
};

const Highlighted = ({ text, query }: { text: string; query: string }): JSX.Element => {
  const at = query === '' ? -1 : text.toLowerCase().indexOf(query.toLowerCase());
  return at < 0 ? (
    <>{text}</>
  ) : (
    <>
      {text.slice(0, at)}
      <b>{text.slice(at, at + query.length)}</b>
      {text.slice(at + query.length)}
    </>
  );
};

/** A text box with a list: filters as one types, one or several choices, wholly by keyboard. */
export const Combo = (props: ComboProps): JSX.Element => {
  const {
    choices,
    selected,
    onSelect,
    multiple = false,
    max,
    placeholder,
    compact,
    search,
    minQuery = 0,
    read,
    aria,
  } = props;
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const root = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  const found = useSearch(open, query, props);

  const shut = (): void => {
    setOpen(false);
    setQuery('');
  };
  useLeave(root, open, shut);

  const options = useMemo(() => {
    const matching = search
      ? found.state === 'found'
        ? found.choices
        : []
      : choices.filter((choice) => choice.label.toLowerCase().includes(query.toLowerCase()));
    const typed = query === '' ? undefined : read?.(query);
    const all = typed && !matching.some((choice) => choice.value === typed.value) ? [typed, ...matching] : matching;
    return all
      .filter((choice) => !multiple || !selected.some((one) => one.value === choice.value))
      .slice(0, shownAtMost);
  }, [search, found, choices, query, read, multiple, selected]);

  const current = multiple ? undefined : selected[0];
  // Opening shows the chosen one first, so that arrow keys start from it.
  useLayoutEffect(() => {
    const index = query === '' && current ? options.findIndex((choice) => choice.value === current.value) : 0;
    setAt(Math.max(0, index));
  }, [open, query, options, current]);
  useLayoutEffect(() => {
    if (open) document.getElementById(`${list}-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [open, at, list]);

  const full = max !== undefined && selected.length >= max;
  const pick = (choice: Choice | undefined): void => {
    if (!choice || (multiple && full)) return;
    onSelect(multiple ? [...selected, choice] : [choice]);
    setQuery('');
    if (!multiple) setOpen(false);
    input.current?.focus();
  };

  const move = (by: number): void => {
    if (!open) setOpen(true);
    else if (options.length > 0) setAt((at + by + options.length) % options.length);
  };
  const key = (event: KeyboardEvent): void => {
    switch (event.key) {
      case 'ArrowDown':
        event.preventDefault();
        return move(1);
      case 'ArrowUp':
        event.preventDefault();
        return move(-1);
      case 'Enter':
        // Enter in a closed box must not submit the form around it either: it opens the list, as in Slack.
        event.preventDefault();
        return open ? pick(options[at]) : setOpen(true);
      case 'Escape':
        if (open) {
          event.stopPropagation();
          shut();
        }
        return;
      case 'Backspace':
        if (multiple && query === '') onSelect(selected.slice(0, -1));
        return;
      case 'Tab':
        if (open) shut();
    }
  };

  const note =
    search && [...query].length < minQuery
      ? minQuery > 1
        ? `Type at least ${minQuery} letters to search`
        : 'Type to search'
      : found.state === 'busy'
        ? 'Searching…'
        : found.state === 'failed'
          ? 'The search failed. Type again to retry.'
          : full
            ? `You can choose up to ${max}.`
            : options.length === 0
              ? 'No matches'
              : undefined;

  let group: string | undefined;
  return (
    <div class={`combo${compact ? ' compact' : ''}`} ref={root}>
      <div
        class="input combo-box"
        onClick={() => {
          input.current?.focus();
          setOpen(true);
        }}
      >
        {multiple &&
          selected.map((choice) => (
            <span class="chip" key={choice.value}>
              {choice.picture}
              {choice.label}
              <button
                type="button"
                aria-label={`Remove ${choice.label}`}
                onClick={(event) => {
                  event.stopPropagation();
                  onSelect(selected.filter((one) => one.value !== choice.value));
                }}
              >
                ×
              </button>
            </span>
          ))}
        <input
          ref={input}
          {...aria}
          role="combobox"
          aria-expanded={open}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={open && options[at] ? `${list}-${at}` : undefined}
          autocomplete="off"
          spellcheck={false}
          placeholder={current ? current.label : multiple && selected.length > 0 ? '' : placeholder}
          class={current && !open ? 'chosen' : ''}
          value={open ? query : (current?.label ?? '')}
          onKeyDown={key}
          onInput={(event) => {
            setOpen(true);
            setQuery(event.currentTarget.value);
          }}
        />
        {!multiple && <span class="chevron" aria-hidden="true" />}
      </div>
      {open && (
        <Popup class="list">
          {note && (
            <div class="note" role="status">
              {note}
            </div>
          )}
          <div role="listbox" id={list} aria-label="Options" aria-multiselectable={multiple || undefined}>
            {!full &&
              options.map((choice, index) => {
                const heading = choice.group !== group ? choice.group : undefined;
                group = choice.group;
                return (
                  <div key={choice.value} role="presentation">
                    {heading && <div class="option-group">{heading}</div>}
                    <div
                      role="option"
                      id={`${list}-${index}`}
                      aria-selected={index === at}
                      class={current?.value === choice.value ? 'current' : ''}
                      onPointerMove={() => setAt(index)}
                      onPointerDown={(event) => {
                        // Keeps the focus in the text box.
                        event.preventDefault();
                        pick(choice);
                      }}
                    >
                      {choice.picture}
                      <span>
                        <Highlighted text={choice.label} query={query} />
                        {choice.description && <small>{choice.description}</small>}
                      </span>
                    </div>
                  </div>
                );
              })}
          </div>
        </Popup>
      )}
    </div>
  );
};
