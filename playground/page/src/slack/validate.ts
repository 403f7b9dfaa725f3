import { blockId } from './model.ts';
import type { Block, Element, StateValues } from './model.ts';

const isWhole = /^-?\d+$/;
const isDecimal = /^-?\d+(\.\d+)?$/;

const faultOf = (element: Element, value: string): string | undefined => {
  const length = [...value].length;
  if (element.min_length !== undefined && length < element.min_length)
    return `Must be at least ${element.min_length} characters.`;
  if (element.max_length !== undefined && length > element.max_length)
    return `Must be ${element.max_length} characters or fewer.`;
  switch (element.type) {
    case 'number_input': {
      if (!(element.is_decimal_allowed ? isDecimal : isWhole).test(value.trim()))
        return element.is_decimal_allowed ? 'Must be a number.' : 'Must be a whole number.';
      if (element.min_value !== undefined && Number(value) < Number(element.min_value))
        return `Must be ${element.min_value} or more.`;
      if (element.max_value !== undefined && Number(value) > Number(element.max_value))
        return `Must be ${element.max_value} or less.`;
      return undefined;
    }
    case 'email_text_input':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.trim()) ? undefined : 'Must be a valid email address.';
    case 'url_text_input':
      return URL.canParse(value.trim()) ? undefined : 'Must be a valid URL.';
    default:
      return undefined;
  }
};

/** What Slack's own client refuses before it asks the app: lengths, numbers, addresses. block_id → sentence. */
export const formatFaults = (blocks: readonly Block[], values: StateValues): Record<string, string> => {
  const faults: Record<string, string> = {};
  blocks.forEach((block, index) => {
    const id = blockId(block, index);
    if (block.type !== 'input' || !block.element) return;
    const value = values[id]?.[block.element.action_id ?? '']?.value;
    const fault = typeof value === 'string' && value !== '' ? faultOf(block.element, value) : undefined;
    if (fault) faults[id] = fault;
  });
  return faults;
};
