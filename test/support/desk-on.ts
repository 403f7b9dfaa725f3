/** The desk on a test's world, asked as people of a Slack workspace would; what it answers is drawn by both platforms. */
import { pino } from 'pino';
import { afterAll, expect } from 'vitest';
import { createDesk } from '../../src/bot/create-desk.ts';
import type { Delivery, Desk, OpenForm, Outcome } from '../../src/bot/desk.ts';
import { features } from '../../src/bot/features/index.ts';
import type { Answers, Args, Button, Message, Text } from '../../src/bot/view.ts';
import { actorByAccount } from '../../src/core/people/resolve-actor.ts';
import { drawn, drawnMessage } from './drawn.ts';
import type { World } from './world.ts';

/** Whoever is not named is Leo, an admin. */
const leo = 'U0LEO';

export interface TestDesk {
  desk(): Desk;
  from(userId: string): Delivery;
  say(text: string, who?: string): Promise<Outcome>;
  home(who?: string): Promise<Message>;
  act(action: string, args: Args, who?: string): Promise<Outcome>;
  click(button: Button | undefined, who?: string): Promise<Outcome>;
  /** The button with this label, of a message. */
  press(message: Message, label: string, who?: string): Promise<Outcome>;
  submit(form: OpenForm, typed?: Answers, who?: string): Promise<Outcome>;
}

/**
 * The world is there when a test runs, not yet when its file is read: so is the desk. What it logs are defects; in the
 * end there must be none.
 */
export const deskOn = (world: () => World): TestDesk => {
  const logged: unknown[] = [];
  let made: Desk | undefined;
  let deliveries = 0;
  afterAll(() => expect(logged).toEqual([]));
  const desk = (): Desk =>
    (made ??= createDesk({
      features,
      execute: world().execute,
      now: world().clock.now,
      log: pino({ level: 'error' }, { write: (line: string) => void logged.push(line) }),
      people: {
        find: async (platform, workspace, userId) =>
          (await world().execute(actorByAccount, world().system, { platform, workspace, userId })).actor,
        met: async () => {},
      },
    }));
  const from = (userId: string): Delivery => ({
    platform: 'slack',
    workspace: 'T0TEST',
    userId,
    deliveryId: `d${++deliveries}`,
    channel: null,
    address: null,
    channelOf: async () => null,
    fetchFile: async () => null as never,
  });
  const act = async (action: string, args: Args, who = leo): Promise<Outcome> =>
    drawn(await desk().action(from(who), action, args));
  const click = async (button: Button | undefined, who = leo): Promise<Outcome> => {
    if (button?.kind === 'run') return act(button.action, button.args, who);
    if (button?.kind === 'form') return drawn(await desk().openForm(from(who), button.form, button.context));
    throw new Error(`no such button: ${JSON.stringify(button)}`);
  };
  return {
    desk,
    from,
    act,
    click,
    async home(who = leo) {
      const home = await desk().home(from(who));
      drawnMessage(home);
      return home;
    },
    say: async (text, who = leo) => drawn(await desk().command(from(who), text)),
    submit: async (form, typed = {}, who = leo) => drawn(await desk().submit(from(who), form.draftId, typed)),
    async press(message, label, who = leo) {
      const button = buttonOf(message, label);
      if (!button) throw new Error(`no button ${label}: ${labelsOf(message).join(', ')}`);
      return click(button, who);
    },
  };
};

export const messageOf = (outcome: Outcome): Message => {
  if (outcome.kind !== 'message' && outcome.kind !== 'replace') throw new Error(JSON.stringify(outcome));
  return outcome.message;
};

export const formOf = (outcome: Outcome): OpenForm => {
  if (outcome.kind !== 'open') throw new Error(JSON.stringify(outcome));
  return outcome.form;
};

export const refusalOf = (outcome: Outcome): string => {
  if (outcome.kind !== 'refused') throw new Error(JSON.stringify(outcome));
  return outcome.text;
};

/** What a name must come through unharmed: the marks of both platforms, of HTML and of templates. */
export const hostile = '<!channel> *A&B* <b>|x| `rm` [a](http://e.example) {{x}} 日本';

export const textIn = (value: unknown): string => JSON.stringify(value);

const plain = (text: Text): string =>
  [text]
    .flat()
    .map((span) => (typeof span === 'string' ? span : span.text))
    .join('');

/** Name, before and after of each line that a message compares. */
export const comparedIn = ({ blocks }: Message): string[][] =>
  blocks.flatMap((block) =>
    block.kind === 'compare'
      ? block.rows.map(({ name, before, after }) => [plain(name), plain(before), plain(after)])
      : [],
  );

/** What the form shows, as a person would send it back untouched. */
export const shownIn = ({ view }: OpenForm): Answers =>
  Object.fromEntries(
    view.fields.map((field) => {
      switch (field.kind) {
        case 'lookup':
          return [field.name, field.value?.value ?? ''];
        case 'toggle':
          return [field.name, String(field.value ?? false)];
        case 'multi':
          return [field.name, field.value ?? []];
        case 'file':
          return [field.name, ''];
        default:
          return [field.name, field.value ?? ''];
      }
    }),
  );

/** Those in rows as well. */
export const buttonsOf = ({ blocks }: Pick<Message, 'blocks'>): Button[] =>
  blocks.flatMap((block) =>
    block.kind === 'buttons'
      ? block.buttons
      : block.kind === 'rows'
        ? block.rows.flatMap(({ button }) => button ?? [])
        : [],
  );

export const labelsOf = (message: Message): string[] => buttonsOf(message).map(({ label }) => label);

export const buttonOf = (message: Message, label: string): Button | undefined =>
  buttonsOf(message).find((button) => button.label === label);
