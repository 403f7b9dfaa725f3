import type { JSX } from 'preact';
import { Combo } from '../../ui/combo.tsx';
import type { Choice } from '../../ui/combo.tsx';
import { fieldAria } from '../blocks/context.ts';
import type { FieldProps } from '../blocks/context.ts';

const shown = (time: string): string => {
  const hours = Number(time.slice(0, 2));
  return `${hours % 12 || 12}:${time.slice(3)} ${hours < 12 ? 'AM' : 'PM'}`;
};

const choice = (time: string): Choice => ({ value: time, label: shown(time) });

const quarters = Array.from({ length: 96 }, (_, index) =>
  choice(`${String(Math.floor(index / 4)).padStart(2, '0')}:${String((index % 4) * 15).padStart(2, '0')}`),
);

/** A typed time: `9`, `907`, `9:07`, `21:07`, `9:07 pm`. */
export const readTime = (text: string): Choice | undefined => {
  const match = /^(\d{1,2}):?(\d{2})?\s*([ap])?\.?m?\.?$/i.exec(text.trim());
  if (!match) return undefined;
  const half = match[3]?.toLowerCase();
  const hours = Number(match[1]);
  const minutes = Number(match[2] ?? '0');
  if (minutes > 59 || hours > 23 || (half && (hours < 1 || hours > 12))) return undefined;
  const onDial = half === 'p' ? (hours % 12) + 12 : half === 'a' ? hours % 12 : hours;
  return choice(`${String(onDial).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`);
};

export const TimeField = ({
  value,
  placeholder,
  onPick,
  field,
  label,
  actionId,
}: {
  value: string | undefined;
  placeholder: string;
  onPick: (time: string) => void;
  field?: FieldProps | undefined;
  label: string;
  actionId?: string | undefined;
}): JSX.Element => (
  <div class="time-field">
    <Combo
      choices={quarters}
      selected={value ? [choice(value)] : []}
      placeholder={placeholder}
      read={readTime}
      onSelect={([picked]) => picked && onPick(picked.value)}
      aria={{ ...fieldAria(field), ...(!field && { 'aria-label': label }), 'data-action': actionId }}
    />
  </div>
);
