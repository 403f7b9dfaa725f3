const stops = 'a[href], button, input, textarea, select, [tabindex="0"]';

/** Keeps Tab inside a dialog; the page around it stays usable by pointer. */
export const keepFocusInside = (event: KeyboardEvent, root: HTMLElement | null): void => {
  if (event.key !== 'Tab' || !root) return;
  const usable = [...root.querySelectorAll<HTMLElement>(stops)].filter(
    (stop) => !stop.hasAttribute('disabled') && stop.tabIndex >= 0 && stop.offsetParent !== null,
  );
  const [first, last] = [usable[0], usable.at(-1)];
  if (!first || !last) return;
  if (event.shiftKey && document.activeElement === first) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && document.activeElement === last) {
    event.preventDefault();
    first.focus();
  }
};

/** Focuses the first element that one of the selectors finds, tried in order; else the root itself. */
export const focusFirst = (root: HTMLElement | null, selectors: readonly string[]): void => {
  for (const selector of selectors) {
    const found = root?.querySelector<HTMLElement>(selector);
    if (found) {
      found.focus({ preventScroll: true });
      found.scrollIntoView({ block: 'nearest' });
      return;
    }
  }
  root?.focus({ preventScroll: true });
};
