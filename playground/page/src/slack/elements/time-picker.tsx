import type { JSX } from 'preact';
import { useElement } from '../blocks/context.ts';
import type { ElementProps } from '../blocks/context.ts';
import { plain } from '../text/text.tsx';
import { TimeField } from './time-field.tsx';

export const TimePicker = (props: ElementProps): JSX.Element => {
  const { element } = props;
  const { state, choose } = useElement(props);
  return (
    <TimeField
      value={(state ? state.selected_time : element.initial_time) ?? undefined}
      placeholder={element.placeholder ? plain(element.placeholder) : 'Select a time'}
      onPick={(time) => choose({ selected_time: time })}
      field={props.field}
      label="Time"
      actionId={element.action_id}
    />
  );
};
