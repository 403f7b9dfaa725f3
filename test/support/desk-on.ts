/** The desk on a test's world, asked as people of a Slack workspace would; what it answers is drawn by both platforms. */
import { pino } from 'pino';
import { createDesk } from '../../src/bot/create-desk.ts';
import type { Delivery, Desk, OpenForm, Outcome } from '../../src/bot/desk.ts';
import { features } from '../../src/bot/features/index.ts';
import type { Answers, Button, Message } from '../../src/bot/view.ts';
import { actorByAccount } from '../../src/core/people/resolve-actor.ts';
import { drawn } from './drawn.ts';
import type { World } from './world.ts';

/** Whoever is not named is Leo, an admin. */
const leo = 'U0LEO';

export interface TestDesk {
  desk(): Desk;
  from(userId: string): Delivery;
  say(text: string, who?: string): Promise<Outcome>;
  click(button: Button | undefined, who?: string): Promise<Outcome>;
  /** The button with this label, of a message. */
  press(message: Message, label: string, who?: string): Promise<Outcome>;
  submit(form: OpenForm, typed?: Answers, who?: string): Promise<Outcome>;
  /** Errors that it logged: defects, which no test expects. */
  readonly logged: readonly unknown[];
}

/** The world is there when a test runs, not yet when its file is read: so is the desk. */
export const deskOn = (world: () => World): TestDesk => {
  const logged: unknown[] = [];
  let made: Desk | undefined;
  let deliveries = 0;
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
  const click = async (button: Button | undefined, who = leo): Promise<Outcome> => {
    if (button?.kind === 'run') return drawn(await desk().action(from(who), button.action, button.args));
    if (button?.kind === 'form') return drawn(await desk().openForm(from(who), button.form, button.context));
    throw new Error(`no such button: ${JSON.stringify(button)}`);
  };
  return {
    desk,
    from,
    logged,
    click,
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
