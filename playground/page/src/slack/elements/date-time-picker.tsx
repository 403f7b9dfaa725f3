import type { JSX } from 'preact';
import { dayAt, instantOf, timeAt } from '../../ui/calendar-days.ts';
import { useElement } from '../blocks/context.ts';
import type { ElementProps } from '../blocks/context.ts';
import { useDirectory } from '../text/directory.ts';
import { CalendarField } from './calendar-field.tsx';
import { TimeField } from './time-field.tsx';

/** A date and a time in the reader's zone; the app gets seconds since 1970. */
export const DateTimePicker = (props: ElementProps): JSX.Element => {
  const { element, field } = props;
  const { state, choose } = useElement(props);
  const { timeZone, now } = useDirectory();
  const seconds = state ? state.selected_date_time : element.initial_date_time;
  const at = seconds === null || seconds === undefined ? undefined : new Date(seconds * 1000);
  const put = (day: string, time: string): void =>
    choose({ selected_date_time: Math.floor(instantOf(day, time, timeZone).getTime() / 1000) });
  return (
    <div
      class="date-time"
      role="group"
      {...(field ? { id: field.id, 'aria-labelledby': field.labelId } : { 'aria-label': 'Date and time' })}
    >
      <CalendarField
        value={at && dayAt(at, timeZone)}
        placeholder="Select a date"
        label="Date"
        actionId={element.action_id}
        onPick={(day) => put(day, at ? timeAt(at, timeZone) : '09:00')}
      />
      <TimeField
        value={at && timeAt(at, timeZone)}
        placeholder="Select a time"
        label="Time"
        onPick={(time) => put(dayAt(at ?? now, timeZone), time)}
      />
    </div>
  );
};
