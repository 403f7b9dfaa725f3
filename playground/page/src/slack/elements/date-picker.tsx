import type { JSX } from 'preact';
import { useElement } from '../blocks/context.ts';
import type { ElementProps } from '../blocks/context.ts';
import { plain } from '../text/text.tsx';
import { CalendarField } from './calendar-field.tsx';

export const DatePicker = (props: ElementProps): JSX.Element => {
  const { element } = props;
  const { state, choose } = useElement(props);
  return (
    <CalendarField
      value={(state ? state.selected_date : element.initial_date) ?? undefined}
      placeholder={element.placeholder ? plain(element.placeholder) : 'Select a date'}
      onPick={(day) => choose({ selected_date: day })}
      field={props.field}
      actionId={element.action_id}
    />
  );
};
