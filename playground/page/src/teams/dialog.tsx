import type { JSX } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { TeamsDialog } from '../../../protocol.ts';
import { useApp } from '../state/app-context.ts';
import { post } from '../state/post.ts';
import { keepFocusInside } from '../ui/focus.ts';
import { CloseIcon, WarningIcon } from '../ui/icons.tsx';
import { Mark } from '../ui/mark.tsx';
import { Card } from './card.tsx';
import type { CardDoors } from './card.tsx';

const widths = { small: 360, medium: 600, large: 860 };
const heights = { small: 300, medium: 460, large: 700 };

/** A dialog (task module): the app's card in a window over the pane. */
export const DialogWindow = ({ dialog }: { dialog: TeamsDialog }): JSX.Element => {
  const { persona, say } = useApp();
  const root = useRef<HTMLDivElement>(null);
  const title = useId();
  useLayoutEffect(() => {
    // While it waits for an answer its fields take no focus.
    if (dialog.busy) return;
    const fields = root.current?.querySelectorAll<HTMLElement>('.dialog-body :is(input, textarea, select)');
    (fields?.[0] ?? root.current)?.focus({ preventScroll: true });
  }, [dialog.turn, dialog.busy]);

  const close = (): void => void post('/api/teams/dialog/close', { persona: persona.id });
  const submit: CardDoors['submit'] = async (data) => {
    const answer = await post('/api/teams/dialog/submit', { persona: persona.id, data });
    if (!answer.ok) say(answer.error, 'error');
  };
  const doors: CardDoors = {
    submit,
    search: async (dataset, queryText) => {
      const answer = await post('/api/teams/search', {
        persona: persona.id,
        source: { in: 'dialog' },
        dataset,
        queryText,
      });
      if (!answer.ok) throw new Error(answer.error);
      return answer.results;
    },
  };
  const width = typeof dialog.width === 'number' ? dialog.width : widths[dialog.width];
  const height = typeof dialog.height === 'number' ? dialog.height : heights[dialog.height];
  return (
    <div class="scrim teams-scrim">
      <div
        ref={root}
        tabIndex={-1}
        role="dialog"
        aria-modal="true"
        aria-labelledby={title}
        aria-busy={dialog.busy}
        class="dialog"
        style={{ width: `min(${width}px, 100%)`, minHeight: `min(${height}px, 100%)` }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') close();
          else keepFocusInside(event, root.current);
        }}
      >
        <header>
          <Mark size={24} />
          <h2 id={title}>{dialog.title}</h2>
          <button type="button" class="icon-button" aria-label="Close" onClick={close}>
            <CloseIcon />
          </button>
        </header>
        {dialog.problem && (
          <div class="dialog-problem" role="alert">
            <WarningIcon /> {dialog.problem}
          </div>
        )}
        <div class="dialog-body">
          <Card payload={dialog.card} doors={doors} turn={dialog.turn} busy={dialog.busy} />
        </div>
      </div>
    </div>
  );
};
