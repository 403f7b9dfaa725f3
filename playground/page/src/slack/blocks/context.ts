import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Block, Element, ElementState, Option, OptionGroup, StateValues } from '../model.ts';

/** What a drawn block can do: hold values, act, search. One per message, modal view or home. */
export interface Surface {
  kind: 'message' | 'modal' | 'home';
  values: StateValues;
  /** block_id → sentence beneath the field. */
  errors: Readonly<Record<string, string>>;
  setValue: (blockId: string, actionId: string, state: ElementState) => void;
  /** A click or choice that the app hears of at once. */
  act: (blockId: string, actionId: string, action: ElementState) => void;
  /** `block_id actionId` of the action under way; its element shows that it is working. */
  acting: string | null;
  search: (
    blockId: string,
    actionId: string,
    query: string,
  ) => Promise<{ options?: Option[]; option_groups?: OptionGroup[] }>;
}

export const SurfaceContext = createContext<Surface | null>(null);

const noSurface: Surface = {
  kind: 'message',
  values: {},
  errors: {},
  setValue: () => undefined,
  act: () => undefined,
  acting: null,
  search: () => Promise.resolve({ options: [] }),
};

export const useSurface = (): Surface => useContext(SurfaceContext) ?? noSurface;

/** What every element component is given. */
export interface ElementProps {
  element: Element;
  block: Block;
  blockId: string;
  /** Id, description and validity for the control, when it stands in an input block. */
  field?: FieldProps;
}

export interface FieldProps {
  id: string;
  labelId: string;
  describedBy?: string;
  invalid: boolean;
  required: boolean;
}

export interface Bound {
  state: ElementState | undefined;
  /** Stores the value, and tells the app where Slack would: anywhere but in a quiet input block. */
  choose: (state: Omit<ElementState, 'type'>) => void;
  actionId: string;
  acting: boolean;
}

export const useElement = ({ element, block, blockId }: ElementProps): Bound => {
  const surface = useSurface();
  const actionId = element.action_id ?? '';
  const quiet = block.type === 'input' && !block.dispatch_action;
  return {
    actionId,
    acting: surface.acting === `${blockId} ${actionId}`,
    state: surface.values[blockId]?.[actionId],
    choose: (part) => {
      const state = { type: element.type, ...part };
      surface.setValue(blockId, actionId, state);
      if (!quiet) surface.act(blockId, actionId, state);
    },
  };
};

/** The ARIA attributes of a control in an input block. */
export const fieldAria = (field: FieldProps | undefined): Record<string, string | boolean | undefined> =>
  field
    ? {
        id: field.id,
        'aria-describedby': field.describedBy,
        'aria-invalid': field.invalid || undefined,
        'aria-required': field.required || undefined,
      }
    : {};
