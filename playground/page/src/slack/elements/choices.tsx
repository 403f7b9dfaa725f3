import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { useElement } from '../blocks/context.ts';
import type { ElementProps } from '../blocks/context.ts';
import type { Option } from '../model.ts';
import { Text } from '../text/text.tsx';

const Choice = ({
  kind,
  name,
  option,
  checked,
  onPick,
}: {
  kind: 'checkbox' | 'radio';
  name: string;
  option: Option;
  checked: boolean;
  onPick: () => void;
}): JSX.Element => (
  <label class="choice">
    <input type={kind} name={name} value={option.value} checked={checked} onChange={onPick} />
    <span>
      <Text text={option.text} />
      {option.description && (
        <small>
          <Text text={option.description} />
        </small>
      )}
    </span>
  </label>
);

const groupAria = (field: ElementProps['field'], fallback: string): Record<string, string | undefined> =>
  field
    ? { id: field.id, 'aria-labelledby': field.labelId, 'aria-describedby': field.describedBy }
    : { 'aria-label': fallback };

export const Checkboxes = (props: ElementProps): JSX.Element => {
  const { element, field } = props;
  const { state, choose } = useElement(props);
  const name = useId();
  const selected = state?.selected_options ?? element.initial_options ?? [];
  const isOn = (option: Option): boolean => selected.some((one) => one.value === option.value);
  return (
    <div class="choices" role="group" {...groupAria(field, 'Choices')}>
      {(element.options ?? []).map((option) => (
        <Choice
          key={option.value}
          kind="checkbox"
          name={name}
          option={option}
          checked={isOn(option)}
          onPick={() =>
            choose({
              selected_options: (element.options ?? []).filter((one) =>
                one.value === option.value ? !isOn(one) : isOn(one),
              ),
            })
          }
        />
      ))}
    </div>
  );
};

export const RadioButtons = (props: ElementProps): JSX.Element => {
  const { element, field } = props;
  const { state, choose } = useElement(props);
  const name = useId();
  const selected = state ? state.selected_option : element.initial_option;
  return (
    <div class="choices" role="radiogroup" {...groupAria(field, 'Choices')}>
      {(element.options ?? []).map((option) => (
        <Choice
          key={option.value}
          kind="radio"
          name={name}
          option={option}
          checked={selected?.value === option.value}
          onPick={() => choose({ selected_option: option })}
        />
      ))}
    </div>
  );
};
