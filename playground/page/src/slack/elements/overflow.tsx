import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Popup, roveFocus, useLeave } from '../../ui/popup.tsx';
import { useElement } from '../blocks/context.ts';
import type { ElementProps } from '../blocks/context.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import type { Option } from '../model.ts';
import { plain } from '../text/text.tsx';

export const Overflow = (props: ElementProps): JSX.Element => {
  const { element } = props;
  const { choose, acting } = useElement(props);
  const [open, setOpen] = useState(false);
  const [asking, setAsking] = useState<Option | null>(null);
  const root = useRef<HTMLSpanElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useLeave(root, open, () => setOpen(false));
  useLayoutEffect(() => {
    if (open) root.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
  }, [open]);

  const pick = (option: Option): void => {
    if (option.url && /^https?:\/\//i.test(option.url)) window.open(option.url, '_blank', 'noreferrer');
    choose({ selected_option: option });
  };
  const close = (): void => {
    setOpen(false);
    opener.current?.focus();
  };
  const key = (event: KeyboardEvent): void => {
    if (!open && event.key === 'ArrowDown') {
      event.preventDefault();
      setOpen(true);
    } else if (open && event.key === 'Escape') {
      event.stopPropagation();
      close();
    } else if (open) roveFocus(event, root.current, '[role=menuitem]');
  };
  return (
    <span class="popup-anchor" ref={root} onKeyDown={key}>
      <button
        ref={opener}
        type="button"
        class="button kebab"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-busy={acting}
        aria-label="More actions"
        data-action={element.action_id}
        onClick={() => setOpen(!open)}
      >
        ⋮
      </button>
      {open && (
        <Popup class="menu" role="menu">
          {(element.options ?? []).map((option) => (
            <button
              type="button"
              role="menuitem"
              tabIndex={-1}
              key={option.value}
              onClick={() => {
                close();
                if (element.confirm) setAsking(option);
                else pick(option);
              }}
            >
              {plain(option.text)}
            </button>
          ))}
        </Popup>
      )}
      {asking && element.confirm && (
        <ConfirmDialog
          confirm={element.confirm}
          onDone={(confirmed) => {
            setAsking(null);
            if (confirmed) pick(asking);
          }}
        />
      )}
    </span>
  );
};
