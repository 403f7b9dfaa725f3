import type { JSX } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { ConfirmObject } from './model.ts';
import { plain, Text } from './text/text.tsx';

/** Slack's "are you sure", over whatever is open. */
export const ConfirmDialog = ({
  confirm,
  onDone,
}: {
  confirm: ConfirmObject;
  onDone: (confirmed: boolean) => void;
}): JSX.Element => {
  const ref = useRef<HTMLDialogElement>(null);
  const title = useId();
  useLayoutEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      class="confirm slack"
      aria-labelledby={title}
      onCancel={(event) => {
        event.preventDefault();
        onDone(false);
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <h2 id={title}>{plain(confirm.title)}</h2>
      <div class="confirm-text">
        <Text text={confirm.text} />
      </div>
      <footer>
        <button type="button" class="button large" onClick={() => onDone(false)}>
          {plain(confirm.deny)}
        </button>
        <button
          type="button"
          class={`button large ${confirm.style === 'danger' ? 'danger' : 'primary'}`}
          onClick={() => onDone(true)}
        >
          {plain(confirm.confirm)}
        </button>
      </footer>
    </dialog>
  );
};
