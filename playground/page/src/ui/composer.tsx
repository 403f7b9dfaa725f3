import type { ComponentChildren, JSX } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ClipIcon, SendIcon, Spinner } from './icons.tsx';

export interface Suggestion {
  /** What the composer holds after choosing it. */
  text: string;
  hint: string;
}

interface ComposerProps {
  label: string;
  placeholder: string;
  /** Sends it; false keeps the text for another try. */
  onSend: (text: string, files: readonly string[]) => Promise<boolean>;
  /** Gives a file to the server before it is sent along; absent: nothing can be attached here. */
  attach?: (file: File) => Promise<{ readonly id: string; readonly name: string } | null>;
  suggest?: (text: string) => readonly Suggestion[];
  /** Remembers what was sent, under this name. */
  history: string;
  before?: ComponentChildren;
  /** Put into the line from outside; another id is another text. */
  draft?: { id: number; text: string } | null;
}

const remembered = 50;

const readHistory = (name: string): string[] => {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(name) ?? '[]');
    return Array.isArray(stored) ? stored.filter((line) => typeof line === 'string') : [];
  } catch {
    return [];
  }
};

/** The line one writes in: Enter sends, Shift+Enter breaks, arrow up brings back what was sent before. */
export const Composer = ({
  label,
  placeholder,
  onSend,
  attach,
  suggest,
  history,
  before,
  draft,
}: ComposerProps): JSX.Element => {
  const [text, setText] = useState('');
  const [sending, setSending] = useState(false);
  // -1: nothing is marked, and Enter sends what was typed.
  const [at, setAt] = useState(-1);
  const [shut, setShut] = useState(false);
  const [recall, setRecall] = useState<number | null>(null);
  const [files, setFiles] = useState<readonly { readonly id: string; readonly name: string }[]>([]);
  const input = useRef<HTMLTextAreaElement>(null);
  const list = useId();
  const suggestions = shut || recall !== null ? [] : (suggest?.(text) ?? []);
  const open = suggestions.length > 0;

  useLayoutEffect(() => {
    const box = input.current;
    if (!box) return;
    box.style.height = 'auto';
    box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
  }, [text]);
  useLayoutEffect(() => {
    if (open) document.getElementById(`${list}-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [open, at, list]);

  useLayoutEffect(() => {
    if (!draft) return;
    setText(draft.text);
    setShut(true);
    input.current?.focus();
  }, [draft?.id]);

  const change = (next: string): void => {
    setText(next);
    setAt(-1);
    setShut(false);
  };
  const send = async (): Promise<void> => {
    const line = text.trim();
    if (line === '' || sending) return;
    sessionStorage.setItem(
      history,
      JSON.stringify([...readHistory(history).filter((one) => one !== line), line].slice(-remembered)),
    );
    setSending(true);
    setText('');
    setRecall(null);
    const sent = await onSend(
      line,
      files.map(({ id }) => id),
    );
    setSending(false);
    if (sent) setFiles([]);
    if (!sent) setText((now) => (now === '' ? line : now));
    input.current?.focus();
  };
  const bringBack = (by: number): void => {
    const lines = readHistory(history);
    const next = Math.min(lines.length, Math.max(0, (recall ?? lines.length) + by));
    setRecall(next === lines.length ? null : next);
    setText(lines[next] ?? '');
  };
  const key = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (open && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      const from = at < 0 && event.key === 'ArrowUp' ? 0 : at;
      setAt((from + (event.key === 'ArrowDown' ? 1 : -1) + suggestions.length) % suggestions.length);
    } else if (
      open &&
      (event.key === 'Tab' || event.key === 'Enter') &&
      !event.shiftKey &&
      (at >= 0 || event.key === 'Tab')
    ) {
      event.preventDefault();
      change(suggestions[Math.max(0, at)]?.text ?? text);
    } else if (open && event.key === 'Escape') {
      event.stopPropagation();
      setShut(true);
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void send();
    } else if (event.key === 'ArrowUp' && (text === '' || recall !== null)) {
      event.preventDefault();
      bringBack(-1);
    } else if (event.key === 'ArrowDown' && recall !== null) {
      event.preventDefault();
      bringBack(1);
    }
  };
  return (
    <div class="composer">
      {open && (
        <div class="composer-suggestions" role="listbox" id={list} aria-label="Commands">
          {suggestions.map((one, index) => (
            <div
              key={one.text}
              role="option"
              id={`${list}-${index}`}
              aria-selected={index === at}
              onPointerMove={() => setAt(index)}
              onPointerDown={(event) => {
                event.preventDefault();
                change(one.text);
              }}
            >
              <b>{one.text}</b> <small>{one.hint}</small>
            </div>
          ))}
          <div class="composer-keys" aria-hidden="true">
            <kbd>Tab</kbd> completes · <kbd>↑</kbd> <kbd>↓</kbd> choose · <kbd>Enter</kbd> sends
          </div>
        </div>
      )}
      {files.length > 0 && (
        <div class="composer-files">
          {files.map(({ id, name }) => (
            <span key={id}>
              {name}
              <button
                type="button"
                aria-label={`Remove ${name}`}
                onClick={() => setFiles(files.filter((file) => file.id !== id))}
              >
                ×
              </button>
            </span>
          ))}
        </div>
      )}
      {before}
      {attach && (
        <label class="composer-attach" title="Attach a file">
          <input
            type="file"
            aria-label="Attach a file"
            onChange={(event) => {
              const [chosen] = event.currentTarget.files ?? [];
              event.currentTarget.value = '';
              if (chosen) void attach(chosen).then((file) => file && setFiles((now) => [...now, file]));
            }}
          />
          <ClipIcon />
        </label>
      )}
      <textarea
        ref={input}
        rows={1}
        aria-label={label}
        placeholder={placeholder}
        value={text}
        aria-controls={open ? list : undefined}
        aria-autocomplete="list"
        aria-activedescendant={open && at >= 0 ? `${list}-${at}` : undefined}
        onInput={(event) => {
          setRecall(null);
          change(event.currentTarget.value);
        }}
        onKeyDown={key}
      />
      <button
        type="button"
        class="send"
        aria-label="Send"
        disabled={text.trim() === '' || sending}
        onClick={() => void send()}
      >
        {sending ? <Spinner /> : <SendIcon />}
      </button>
    </div>
  );
};
