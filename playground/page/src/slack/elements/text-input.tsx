import type { JSX, TargetedInputEvent } from 'preact';
import { fieldAria, useElement } from '../blocks/context.ts';
import type { ElementProps } from '../blocks/context.ts';
import { plain } from '../text/text.tsx';

const keyboards: Record<string, 'decimal' | 'numeric' | 'email' | 'url' | undefined> = {
  email_text_input: 'email',
  url_text_input: 'url',
};

// The counter appears when the end of a long text is near, as in Slack; in a short field only beyond it.
const nearTheEnd = 40;

export const TextInput = (props: ElementProps): JSX.Element => {
  const { element, field } = props;
  const { state, choose } = useElement(props);
  const value = (state ? state.value : element.initial_value) ?? '';
  const left = element.max_length === undefined ? Infinity : element.max_length - [...value].length;
  const shared = {
    ...fieldAria(field),
    class: 'input',
    value,
    placeholder: element.placeholder && plain(element.placeholder),
    'data-action': element.action_id,
    ...(element.focus_on_load && { 'data-focus': true }),
    ...(!field && { 'aria-label': element.placeholder ? plain(element.placeholder) : 'Text' }),
    onInput: (event: TargetedInputEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      choose({ value: event.currentTarget.value === '' ? null : event.currentTarget.value }),
  };
  return (
    <div class="text-input">
      {element.multiline ? (
        <textarea rows={3} {...shared} />
      ) : (
        <input
          type="text"
          autocomplete="off"
          inputMode={
            element.type === 'number_input'
              ? element.is_decimal_allowed
                ? 'decimal'
                : 'numeric'
              : keyboards[element.type]
          }
          {...shared}
        />
      )}
      {(left < 0 || (left <= nearTheEnd && (element.max_length ?? 0) > 2 * nearTheEnd)) && (
        <span class={`counter${left < 0 ? ' over' : ''}`}>{left}</span>
      )}
    </div>
  );
};
