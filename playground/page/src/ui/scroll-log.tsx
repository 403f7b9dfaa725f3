import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

const nearEnd = 120;

/**
 * A conversation that stays at its end while new messages come, unless someone scrolled up to read: then a button leads
 * to them, and what one sends oneself. New messages are announced.
 */
export const ScrollLog = ({
  label,
  place,
  last,
  sent,
  children,
}: {
  label: string;
  /** Another place starts at its end. */
  place: string;
  /** Changes with every new message. */
  last: string;
  /** Changes with every message that is sent from here. */
  sent: number;
  children: ComponentChildren;
}): JSX.Element => {
  const ref = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [unseen, setUnseen] = useState(false);
  const toEnd = (): void => {
    const box = ref.current;
    if (box) box.scrollTop = box.scrollHeight;
    atEnd.current = true;
    setUnseen(false);
  };
  useLayoutEffect(toEnd, [place, sent]);
  useLayoutEffect(() => {
    if (atEnd.current) toEnd();
    else setUnseen(true);
  }, [last]);
  // Pictures and cards grow after they are first drawn.
  useLayoutEffect(() => {
    const watch = new ResizeObserver(() => {
      const box = ref.current;
      if (box && atEnd.current) box.scrollTop = box.scrollHeight;
    });
    if (content.current) watch.observe(content.current);
    return () => watch.disconnect();
  }, []);
  return (
    <div class="scroll-frame">
      <div
        ref={ref}
        class="scroll-log"
        tabIndex={0}
        role="log"
        aria-label={label}
        aria-live="polite"
        aria-relevant="additions"
        onScroll={(event) => {
          const box = event.currentTarget;
          atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < nearEnd;
          if (atEnd.current) setUnseen(false);
        }}
      >
        <div ref={content} class="scroll-content">
          {children}
        </div>
      </div>
      {unseen && (
        <button type="button" class="to-end" onClick={toEnd}>
          New messages ↓
        </button>
      )}
    </div>
  );
};
