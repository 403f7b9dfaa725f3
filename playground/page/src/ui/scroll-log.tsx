import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

const nearEnd = 120;

/**
 * A conversation that stays at its end while new messages come, unless someone scrolled up to read. New messages
 * are announced.
 */
export const ScrollLog = ({
  label,
  place,
  last,
  children,
}: {
  label: string;
  /** Another place starts at its end. */
  place: string;
  /** Changes with every new message. */
  last: string;
  children: ComponentChildren;
}): JSX.Element => {
  const ref = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    const box = ref.current;
    if (box) box.scrollTop = box.scrollHeight;
    atEnd.current = true;
  }, [place]);
  useLayoutEffect(() => {
    const box = ref.current;
    if (box && atEnd.current) box.scrollTop = box.scrollHeight;
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
      }}
    >
      <div ref={content} class="scroll-content">
        {children}
      </div>
    </div>
  );
};
