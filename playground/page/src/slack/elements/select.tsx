import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { Avatar } from '../../ui/avatar.tsx';
import { Combo } from '../../ui/combo.tsx';
import type { Choice } from '../../ui/combo.tsx';
import { fieldAria, useElement, useSurface } from '../blocks/context.ts';
import type { ElementProps } from '../blocks/context.ts';
import type { ElementState, Option, OptionGroup } from '../model.ts';
import { useDirectory } from '../text/directory.ts';
import type { Directory } from '../text/directory.ts';
import { plain } from '../text/text.tsx';

const choiceOf = (option: Option, group?: string): Choice => ({
  value: option.value,
  label: plain(option.text),
  ...(option.description && { description: plain(option.description) }),
  ...(group !== undefined && { group }),
});

interface Given {
  options?: Option[];
  option_groups?: OptionGroup[];
}

const grouped = ({ options, option_groups }: Given): { option: Option; choice: Choice }[] => [
  ...(options ?? []).map((option) => ({ option, choice: choiceOf(option) })),
  ...(option_groups ?? []).flatMap((group) =>
    group.options.map((option) => ({ option, choice: choiceOf(option, plain(group.label)) })),
  ),
];

const people = (directory: Directory): Choice[] =>
  directory.users.map((user) => ({
    value: user.id,
    label: user.name,
    picture: <Avatar name={user.name} bot={user.bot ?? false} size={20} />,
  }));

const channels = (directory: Directory): Choice[] =>
  directory.channels.map((channel) => ({ value: channel.id, label: `#${channel.name}` }));

const listed: Record<string, (directory: Directory) => Choice[]> = {
  users: people,
  channels,
  conversations: (directory) => [...channels(directory), ...people(directory)],
};

/** What the selects of users, channels and conversations read and write: `selected_user`, `selected_users` … */
const keysOf = (source: string) => {
  const noun = source.slice(0, -1) as 'user' | 'channel' | 'conversation';
  return {
    one: `selected_${noun}`,
    many: `selected_${noun}s`,
    first: `initial_${noun}`,
    firsts: `initial_${noun}s`,
  } as const;
};

export const Select = (props: ElementProps): JSX.Element => {
  const { element, block, blockId, field } = props;
  const { state, choose, actionId } = useElement(props);
  const directory = useDirectory();
  const surface = useSurface();
  // The whole options last seen: what was chosen goes back to the app as it came.
  const seen = useRef(new Map<string, Option>());
  const multiple = element.type.startsWith('multi_');
  const source = element.type.replace(/^multi_|_select$/g, '');
  const placeholder = element.placeholder
    ? plain(element.placeholder)
    : multiple
      ? 'Choose options'
      : 'Choose an option';
  const shared = {
    multiple,
    compact: block.type !== 'input',
    placeholder,
    aria: { ...fieldAria(field), ...(!field && { 'aria-label': placeholder }), 'data-action': actionId },
    ...(element.max_selected_items !== undefined && { max: element.max_selected_items }),
  };

  const list = listed[source];
  if (list) {
    const keys = keysOf(source);
    const all = list(directory);
    const values = multiple
      ? (state?.[keys.many] ?? element[keys.firsts] ?? [])
      : [state ? state[keys.one] : element[keys.first]].filter((value) => typeof value === 'string');
    return (
      <Combo
        {...shared}
        choices={all}
        selected={values.map((value) => all.find((choice) => choice.value === value) ?? { value, label: value })}
        onSelect={(selected) => {
          const chosen = selected.map((choice) => choice.value);
          const part: Partial<ElementState> = { [multiple ? keys.many : keys.one]: multiple ? chosen : chosen[0] };
          choose(part);
        }}
      />
    );
  }

  const remember = (entries: { option: Option; choice: Choice }[]): Choice[] => {
    for (const { option } of entries) seen.current.set(option.value, option);
    return entries.map(({ choice }) => choice);
  };
  const selected = multiple
    ? (state?.selected_options ?? element.initial_options ?? [])
    : [state ? state.selected_option : element.initial_option].filter(
        (option) => option !== null && option !== undefined,
      );
  for (const option of selected) seen.current.set(option.value, option);
  const optionsOf = (chosen: Choice[]): Option[] =>
    chosen.map((choice) => seen.current.get(choice.value)).filter((option) => option !== undefined);
  return (
    <Combo
      {...shared}
      choices={source === 'external' ? [] : remember(grouped(element))}
      selected={selected.map((option) => choiceOf(option))}
      onSelect={(chosen) =>
        choose(multiple ? { selected_options: optionsOf(chosen) } : { selected_option: optionsOf(chosen)[0] ?? null })
      }
      {...(source === 'external' && {
        minQuery: element.min_query_length ?? 3,
        search: async (query: string) => remember(grouped(await surface.search(blockId, actionId, query))),
      })}
    />
  );
};
