import type { JSX } from 'preact';
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { SlackModals, SlackView } from '../../../protocol.ts';
import { useApp } from '../state/app-context.ts';
import { post } from '../state/post.ts';
import { focusFirst, keepFocusInside } from '../ui/focus.ts';
import { CloseIcon, Spinner, WarningIcon } from '../ui/icons.tsx';
import { Mark } from '../ui/mark.tsx';
import { Blocks } from './blocks/blocks.tsx';
import { SurfaceContext } from './blocks/context.ts';
import { plain } from './text/text.tsx';
import { asBlocks, asState, useBlockSurface } from './use-surface.ts';
import { formatFaults } from './validate.ts';

const controls = 'input:not([disabled]), textarea, select, .date-button';

const ModalView = ({
  view,
  depth,
  below,
  modals,
  top,
}: {
  view: SlackView;
  depth: number;
  below: SlackView | undefined;
  modals: SlackModals;
  top: boolean;
}): JSX.Element => {
  const { persona, say } = useApp();
  const root = useRef<HTMLDivElement>(null);
  const title = useId();
  const blocks = useMemo(() => asBlocks(view.blocks), [view.blocks]);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [sending, setSending] = useState(false);
  const errors = Object.keys(faults).length > 0 ? faults : modals.errors;
  const surface = useBlockSurface('modal', blocks, { in: 'view', viewId: view.id }, errors);
  const busy = sending || modals.busy;

  // Before the next key arrives, not after the paint: else Escape typed quickly would miss the modal.
  useLayoutEffect(() => {
    if (top) focusFirst(root.current, ['[data-focus]', `.modal-body :is(${controls})`]);
  }, [view.id, top]);
  // A view that the app replaced by its next step begins at its top, with the focus in its first field.
  const fields = blocks.map((block) => block.block_id).join(' ');
  const drawn = useRef(fields);
  useLayoutEffect(() => {
    if (drawn.current === fields) return;
    drawn.current = fields;
    const body = root.current?.querySelector('.modal-body');
    if (!top || body?.contains(document.activeElement)) return;
    body?.scrollTo(0, 0);
    focusFirst(root.current, ['[data-focus]', `.modal-body :is(${controls})`]);
  }, [fields, top]);
  useEffect(() => {
    if (Object.keys(errors).length > 0) focusFirst(root.current, [`.bad :is(${controls})`, '.bad button']);
  }, [errors]);
  useEffect(() => setFaults({}), [view.hash]);

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    const found = formatFaults(blocks, surface.values);
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    setSending(true);
    const answer = await post('/api/slack/view/submit', {
      persona: persona.id,
      viewId: view.id,
      state: asState(surface.values),
    });
    setSending(false);
    if (!answer.ok) say(answer.error, 'error');
  };
  const close = (all: boolean): void => {
    void post('/api/slack/view/close', { persona: persona.id, viewId: view.id, all });
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') close(false);
    else keepFocusInside(event, root.current);
  };
  return (
    <div
      ref={root}
      tabIndex={-1}
      role="dialog"
      aria-modal="true"
      aria-labelledby={title}
      aria-busy={busy}
      class="modal"
      data-callback={view.callback_id}
      onKeyDown={key}
    >
      <form noValidate onSubmit={(event) => void submit(event)}>
        <header>
          <Mark size={28} />
          <h2 id={title}>{plain(view.title)}</h2>
          {depth > 1 && <span class="modal-depth">{depth} of 3</span>}
          <button type="button" class="icon-button" aria-label="Close" onClick={() => close(true)}>
            <CloseIcon />
          </button>
        </header>
        <div class="modal-body" tabIndex={-1}>
          <SurfaceContext.Provider value={surface}>
            <Blocks blocks={blocks} />
          </SurfaceContext.Provider>
        </div>
        {modals.problem && (
          <div class="modal-problem" role="alert">
            <WarningIcon /> {modals.problem}
          </div>
        )}
        <footer>
          {below && (
            <button type="button" class="button large back" onClick={() => close(false)}>
              ‹ {plain(below.title)}
            </button>
          )}
          <button type="button" class="button large" onClick={() => close(false)}>
            {plain(view.close) || (view.submit ? 'Cancel' : 'Close')}
          </button>
          {view.submit && (
            <button type="submit" class="button large primary" disabled={busy}>
              {busy && <Spinner />}
              <span>{plain(view.submit)}</span>
            </button>
          )}
        </footer>
      </form>
    </div>
  );
};

/**
 * The open modals of the acting person. All views of the stack stay mounted, so that going back finds what was
 * typed; only the top one is shown.
 */
export const ModalStack = ({ modals }: { modals: SlackModals }): JSX.Element => (
  <div class="scrim">
    {modals.views.map((view, index) => {
      const top = index === modals.views.length - 1;
      return (
        <div key={view.id} class="modal-slot" hidden={!top} inert={!top}>
          <ModalView
            view={view}
            depth={index + 1}
            below={modals.views[index - 1]}
            top={top}
            modals={top ? modals : { ...modals, errors: {}, busy: false, problem: null }}
          />
        </div>
      );
    })}
  </div>
);
