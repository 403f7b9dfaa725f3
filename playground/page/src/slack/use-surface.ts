import { useCallback, useMemo, useState } from 'preact/hooks';
import type { JsonObject, SlackSource, SlackStateValues } from '../../../protocol.ts';
import { useApp } from '../state/app-context.ts';
import { post } from '../state/post.ts';
import type { Surface } from './blocks/context.ts';
import type { Block, ElementState, Option, OptionGroup, StateValues } from './model.ts';
import { stateValues } from './state-values.ts';

/** The blocks of the protocol as this page reads them. */
export const asBlocks = (blocks: readonly JsonObject[]): readonly Block[] => blocks as unknown as readonly Block[];

export const asState = (values: StateValues): SlackStateValues => values as unknown as SlackStateValues;

/** What makes the blocks of a message or view work: their values, and the way to the app. */
export const useBlockSurface = (
  kind: Surface['kind'],
  blocks: readonly Block[],
  source: SlackSource,
  errors: Readonly<Record<string, string>> = {},
): Surface => {
  const { persona, say } = useApp();
  const [typed, setTyped] = useState<StateValues>({});
  const [acting, setActing] = useState<string | null>(null);
  const values = useMemo(() => stateValues(blocks, typed), [blocks, typed]);

  const setValue = useCallback(
    (block: string, action: string, state: ElementState) =>
      setTyped((before) => ({ ...before, [block]: { ...before[block], [action]: state } })),
    [],
  );

  return {
    kind,
    values,
    errors,
    setValue,
    acting,
    act: (blockId, actionId, action) => {
      const now = `${blockId} ${actionId}`;
      const state = { ...values, [blockId]: { ...values[blockId], [actionId]: action } };
      // A button is no input: Slack's state does not list it.
      if (!(actionId in (values[blockId] ?? {}))) delete state[blockId]?.[actionId];
      setActing(now);
      void post('/api/slack/action', {
        persona: persona.id,
        source,
        blockId,
        actionId,
        action: action as unknown as JsonObject,
        state: asState(state),
      }).then((answer) => {
        setActing((current) => (current === now ? null : current));
        if (!answer.ok) say(answer.error, 'error');
      });
    },
    search: async (blockId, actionId, value) => {
      const answer = await post('/api/slack/options', { persona: persona.id, source, blockId, actionId, value });
      if (!answer.ok) throw new Error(answer.error);
      return answer as unknown as { options?: Option[]; option_groups?: OptionGroup[] };
    },
  };
};
