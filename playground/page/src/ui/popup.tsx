import type { ComponentChildren, HTMLAttributes, JSX } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { RefObject } from 'preact';

type PopupProps = { children?: ComponentChildren } & HTMLAttributes<HTMLDivElement>;

/**
 * A layer beneath (or above) its parent element, in the browser's top layer: no scrolling modal can clip it, and
 * it turns over at the window's edge by itself.
 */
export const Popup = ({ children, class: className, ...rest }: PopupProps): JSX.Element => {
  const ref = useRef<HTMLDivElement>(null);
  const name = `--popup-${useId().replace(/\W/g, '')}`;
  useLayoutEffect(() => {
    const layer = ref.current;
    const anchor = layer?.parentElement;
    if (!layer || !anchor) return undefined;
    anchor.style.setProperty('anchor-name', name);
    layer.style.setProperty('position-anchor', name);
    layer.showPopover();
    return () => {
      anchor.style.removeProperty('anchor-name');
    };
  }, [name]);
  return (
    <div ref={ref} popover="manual" class={`popup ${typeof className === 'string' ? className : ''}`} {...rest}>
      {children}
    </div>
  );
};

/** Calls `close` when the pointer or the focus goes elsewhere. */
export const useLeave = (ref: RefObject<HTMLElement | null>, open: boolean, close: () => void): void => {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    if (!open) return undefined;
    const leave = (event: Event): void => {
      if (!ref.current?.contains(event.target as Node)) latest.current();
    };
    addEventListener('pointerdown', leave);
    addEventListener('focusin', leave);
    return () => {
      removeEventListener('pointerdown', leave);
      removeEventListener('focusin', leave);
    };
  }, [open, ref]);
};

/** Up, Down, Home and End move the focus among the elements that `selector` finds; true when the key was one of them. */
export const roveFocus = (event: KeyboardEvent, root: HTMLElement | null, selector: string): boolean => {
  const items = [...(root?.querySelectorAll<HTMLElement>(selector) ?? [])];
  if (items.length === 0) return false;
  const at = items.indexOf(document.activeElement as HTMLElement);
  const next: Record<string, number> = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  };
  const to = next[event.key];
  if (to === undefined) return false;
  event.preventDefault();
  items[to]?.focus();
  return true;
};
