import type { FunctionComponent, JSX } from 'preact';
import { imageSource } from '../blocks/image-block.tsx';
import type { ElementProps } from '../blocks/context.ts';
import { Button } from './button.tsx';
import { Checkboxes, RadioButtons } from './choices.tsx';
import { DatePicker } from './date-picker.tsx';
import { DateTimePicker } from './date-time-picker.tsx';
import { FileInput } from './file-input.tsx';
import { Overflow } from './overflow.tsx';
import { Select } from './select.tsx';
import { TextInput } from './text-input.tsx';
import { TimePicker } from './time-picker.tsx';

const ImageElement = ({ element }: ElementProps): JSX.Element => (
  <img class="accessory-image" src={imageSource(element)} alt={element.alt_text ?? ''} />
);

const kinds: Record<string, FunctionComponent<ElementProps>> = {
  button: Button,
  overflow: Overflow,
  image: ImageElement,
  static_select: Select,
  external_select: Select,
  users_select: Select,
  conversations_select: Select,
  channels_select: Select,
  multi_static_select: Select,
  multi_external_select: Select,
  multi_users_select: Select,
  multi_conversations_select: Select,
  multi_channels_select: Select,
  datepicker: DatePicker,
  timepicker: TimePicker,
  datetimepicker: DateTimePicker,
  radio_buttons: RadioButtons,
  checkboxes: Checkboxes,
  file_input: FileInput,
  plain_text_input: TextInput,
  email_text_input: TextInput,
  url_text_input: TextInput,
  number_input: TextInput,
};

/** One interactive element, wherever it stands. */
export const ElementView = (props: ElementProps): JSX.Element => {
  const Kind = kinds[props.element.type];
  return Kind ? (
    <Kind {...props} />
  ) : (
    <span class="block-unknown">
      The playground does not draw <code>{props.element.type}</code> elements.
    </span>
  );
};
