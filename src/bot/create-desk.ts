import type { Logger } from 'pino';
import type { PersonActor } from '../core/caller.ts';
import { notAllowed, Refusal, rule } from '../core/errors.ts';
import { findFormDraft } from '../core/messages/find-form-draft.ts';
import { openFormDraft } from '../core/messages/open-form-draft.ts';
import { saveFormDraft } from '../core/messages/save-form-draft.ts';
import { may, type Permission } from '../core/permissions.ts';
import type { Execute } from '../core/use-case.ts';
import { refusalText } from '../texts/refusal-text.ts';
import { answer, refused } from './answer.ts';
import type { Delivery, Desk, OpenForm, Outcome } from './desk.ts';
import type { Ask, Command, Feature, Form, Step, WayOn } from './feature.ts';
import { goneFile } from './fetch-file.ts';
import { helpMessage } from './features/help.ts';
import { composeHome } from './features/home.ts';
import { complaintsOf, givenAnswers, keepTyped, shownSteps, stepOfField, withAnswer } from './form-flow.ts';
import { createOffers } from './offers.ts';
import { createRegistry, suggest } from './registry.ts';
import { commandAction } from './speak.ts';
import { bold, limits, type Answers, type Args, type Field, type Message, type Reply } from './view.ts';

/** Who stands behind a chat account, as storage tells it. */
export interface People {
  /** Null: not linked, or not active. Read anew for each delivery, since rights are checked when a button is clicked. */
  find(platform: Delivery['platform'], workspace: string, userId: string): Promise<PersonActor | null>;
  /** Keeps the way to a person who wrote to us, for later notices. */
  met(platform: Delivery['platform'], workspace: string, userId: string, address: Args): Promise<void>;
}

export interface DeskHost {
  readonly features: readonly Feature[];
  readonly execute: Execute;
  readonly people: People;
  /** Business time. */
  readonly now: () => Temporal.Instant;
  readonly log: Logger;
}

const outOfDate = refused('This message is out of date.');

/**
 * What a client carries of a form: the draft, the step that it shows, and the stamp of what it shows there. Without
 * the step a second click on "Next" would count as a click on the button of the step behind it, which nobody has seen;
 * without the stamp an older drawing of the form would confirm what only a newer one shows.
 */
const handleOf = ({ draftId, step }: Pick<Standing, 'draftId' | 'step'>, stamp = ''): string =>
  `${draftId}:${step}${stamp && `:${stamp}`}`;
const readHandle = (handle: string): Handle => {
  const [, draftId = '', shown, seen = ''] = /^([0-9a-f-]{36})(?::(\d{1,2})(?::([\w-]{1,128}))?)?$/i.exec(handle) ?? [];
  return { draftId, shown: shown === undefined ? null : Number(shown), seen };
};
interface Handle {
  readonly draftId: string;
  readonly shown: number | null;
  readonly seen: string;
}

/** NUL and halves of surrogate pairs are stored by no database, and seen by nobody: they are not what was meant. */
const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed();
const storableArgs = (args: Args): Args =>
  Object.fromEntries(Object.entries(args).map(([name, value]) => [storable(name), storable(value)]));
const storableAnswers = (typed: Answers): Answers =>
  Object.fromEntries(
    Object.entries(typed).map(([name, value]) => [
      storable(name),
      typeof value === 'string' ? storable(value) : value.map(storable),
    ]),
  );

/** What the log says of a delivery: ids, never words or names. */
const aboutOf = ({ platform, workspace, userId }: Delivery, requestId: string): Record<string, string> => ({
  requestId,
  platform,
  workspace,
  userId,
});

/** A form in the middle of being filled in. */
interface Standing {
  readonly draftId: string;
  readonly form: Form;
  readonly context: Args;
  readonly kept: Answers;
  readonly step: number;
  readonly origin: Args | null;
}

/** What is said of a form that was not taken. */
type Complaint = Partial<Pick<OpenForm, 'errors' | 'wayOn'>>;

export const createDesk = ({ features, execute, people, now, log }: DeskHost): Desk => {
  const registry = createRegistry(features);
  const offers = createOffers(registry);
  const home = composeHome(registry);
  const knownAddresses = new Set<string>();

  const remember = async ({ platform, workspace, userId, address }: Delivery): Promise<void> => {
    if (!address) return;
    const key = JSON.stringify([platform, workspace, userId, address]);
    if (knownAddresses.has(key)) return;
    await people.met(platform, workspace, userId, address);
    if (knownAddresses.size > 10_000) knownAddresses.clear();
    knownAddresses.add(key);
  };

  const askOf = (actor: PersonActor, delivery: Delivery, requestId: string): Ask => {
    const caller = { actor, requestId };
    return {
      actor,
      caller,
      execute: (useCase, input) => execute(useCase, caller, input) as never,
      platform: delivery.platform,
      now: now(),
      channel: delivery.channel,
      channelOf: delivery.channelOf,
      attached: delivery.attached ?? [],
      fetchFile: delivery.fetchFile ?? (() => Promise.reject(goneFile())),
    };
  };
  const deliveryRequest = ({ platform, deliveryId }: Delivery): string => `${platform}:${deliveryId}`;
  const requireRight = (ask: Ask, needs: Permission): void => {
    if (!may(ask.actor, needs)) throw notAllowed();
  };

  /** Every delivery goes through here: the person first, then the work, then an answer whatever happened. */
  const serve = (delivery: Delivery, requestId: string, work: (ask: Ask) => Promise<Outcome>): Promise<Outcome> =>
    answer(log, aboutOf(delivery, requestId), async () => {
      const actor = await people.find(delivery.platform, delivery.workspace, delivery.userId);
      if (!actor) return { kind: 'message', message: notLinked(delivery) };
      await remember(delivery);
      return offers.outcome(actor, await work(askOf(actor, delivery, requestId)));
    });

  const draw = async (
    ask: Ask,
    standing: Standing,
    { errors = {}, wayOn }: Complaint = {},
  ): Promise<Extract<Outcome, { kind: 'open' }>> => {
    const { form, step, context, kept } = standing;
    const answers = givenAnswers(form, kept);
    const view = await form.steps[step]!.draw(ask, context, answers);
    const fields = await Promise.all(view.fields.map((field) => withAnswer(ask, registry.lookups, field, kept)));
    const shown = shownSteps(form, answers);
    // A complaint about a field that the step does not draw now would be lost: it stands above the fields instead.
    const placed = Object.fromEntries(
      Object.entries(errors).map(([name, text]) => [fields.some((field) => field.name === name) ? name : '', text]),
    );
    return {
      kind: 'open',
      form: {
        draftId: handleOf(standing, view.stamp),
        view: { ...view, fields },
        step: shown.indexOf(step) + 1,
        steps: shown.length,
        errors: placed,
        ...(wayOn && { wayOn }),
      },
    };
  };

  const open = async (
    ask: Ask,
    delivery: Delivery,
    name: string,
    context: Args,
    origin: Args | null,
  ): Promise<Outcome> => {
    const asked = registry.forms.get(name);
    if (!asked) return outOfDate;
    requireRight(ask, asked.needs);
    delivery.opening?.();
    const led: Reply = (await asked.opens?.(ask, context)) ?? { kind: 'form', form: name, context };
    if (led.kind !== 'form') return led;
    const form = registry.forms.get(led.form);
    if (!form) return outOfDate;
    requireRight(ask, form.needs);
    const { draftId } = await ask.execute(openFormDraft, { form: form.name, context: led.context, origin });
    const step = shownSteps(form, {})[0] ?? 0;
    return draw(ask, { draftId, form, context: led.context, kept: {}, step, origin });
  };

  /** An answer that opens a form is not one yet. */
  const settle = async (ask: Ask, delivery: Delivery, reply: Reply, origin: Args | null): Promise<Outcome> =>
    reply.kind === 'form' ? open(ask, delivery, reply.form, reply.context, origin) : reply;

  /** A delivery knows a channel's name, not whether the bot is in it. */
  const inChannel = async (ask: Ask, command: Command): Promise<Ask> =>
    command.inChannel && ask.channel
      ? { ...ask, channel: (await ask.channelOf(ask.channel.id)) ?? { ...ask.channel, botIsMember: false } }
      : ask;

  const speak = async (ask: Ask, delivery: Delivery, text: string): Promise<Outcome> => {
    const spoken = registry.parse(text);
    switch (spoken.kind) {
      case 'nothing':
        return { kind: 'message', message: helpMessage(registry.commands, ask.actor, '') };
      case 'group':
        return { kind: 'message', message: helpMessage(registry.commands, ask.actor, spoken.group) };
      case 'unknown': {
        const allowed = registry.commands.filter(({ needs }) => may(ask.actor, needs));
        return { kind: 'message', message: didYouMean(spoken.typed, suggest(spoken.typed, allowed)) };
      }
      case 'command':
        requireRight(ask, spoken.command.needs);
        return settle(
          ask,
          delivery,
          await spoken.command.run(await inChannel(ask, spoken.command), spoken.rest),
          delivery.origin ?? null,
        );
    }
  };

  /** The person's own draft; null when it is unknown, somebody else's, or its form is no longer offered. */
  const standingOf = async (ask: Ask, draftId: string): Promise<Standing | null> => {
    if (draftId === '') return null;
    const draft = await ask.execute(findFormDraft, { draftId });
    const form = registry.forms.get(draft.form);
    if (!form?.steps[draft.step]) return null;
    requireRight(ask, form.needs);
    const { context, answers, step, origin } = draft;
    return { draftId, form, context, kept: answers, step, origin };
  };

  const save = async (ask: Ask, { draftId, step, kept }: Standing): Promise<void> => {
    await ask.execute(saveFormDraft, { draftId, step, answers: kept });
  };

  /** Serves one delivery about a form that is being filled in. The draft names the request: it is sent once. */
  const serveForm = (
    delivery: Delivery,
    handle: string,
    work: (ask: Ask, standing: Standing, shown: number, seen: string) => Promise<Outcome>,
  ): Promise<Outcome> => {
    const { draftId, shown, seen } = readHandle(handle);
    return serve(delivery, `form:${draftId}`, async (ask) => {
      let standing: Standing | null = null;
      return answer(
        log,
        aboutOf(delivery, ask.caller.requestId),
        async () => {
          standing = await standingOf(ask, draftId);
          if (!standing) return outOfDate;
          const outcome = await work(ask, standing, shown ?? standing.step, seen);
          return standing.origin ? { ...outcome, origin: standing.origin } : outcome;
        },
        async (refusal) => {
          if (!standing && refusal.kind === 'not_found') return outOfDate;
          throw refusal;
        },
      );
    });
  };

  /** The step that was clicked in, with what was typed there; null: a step that the form has not come to. */
  const typedInto = (found: Standing, shown: number, typed: Answers): Standing | null =>
    shown > found.step
      ? null
      : { ...found, step: shown, kept: keepTyped(found.kept, found.form.steps[shown]!.fields, storableAnswers(typed)) };

  /**
   * The form as it stands now, kept and drawn. A step that can no longer be drawn (what it showed is gone) gives way
   * to the step that has to be seen to, with everything that was typed.
   */
  const stand = async (ask: Ask, standing: Standing, complaint: Complaint = {}): Promise<Outcome> => {
    try {
      const drawn = await draw(ask, standing, complaint);
      await save(ask, standing);
      return drawn;
    } catch (error) {
      const { form, kept, step: current, context } = standing;
      const answers = givenAnswers(form, kept);
      const [first = 0] = shownSteps(form, answers);
      if (!(error instanceof Refusal) || error.kind === 'forbidden' || current <= first) throw error;
      const { field } = error;
      const step = field === undefined ? undefined : stepOfField(form, answers, current - 1, field);
      const wayOn = form.wayOn?.(error, answers, context);
      return stand(
        ask,
        { ...standing, step: step ?? first },
        { errors: { [step === undefined ? '' : field!]: refusalText(error) }, ...(wayOn && { wayOn }) },
      );
    }
  };

  /** The form stands again, at the step that has the field, with everything that was typed. */
  const complain = (
    ask: Ask,
    standing: Standing,
    { text, field, wayOn }: { text: string; field?: string | undefined; wayOn?: WayOn | null | undefined },
  ): Promise<Outcome> => {
    const answers = givenAnswers(standing.form, standing.kept);
    const step = field === undefined ? undefined : stepOfField(standing.form, answers, standing.step, field);
    return stand(
      ask,
      { ...standing, step: step ?? standing.step },
      { errors: { [step === undefined ? '' : field!]: text }, ...(wayOn && { wayOn }) },
    );
  };

  /**
   * The step's fields as they stand. A step that can no longer be drawn has none: what was sent twice was done by the
   * first, and its command finds the answer; else its command says why not.
   */
  const fieldsNow = async (step: Step, ask: Ask, context: Args, answers: Answers): Promise<readonly Field[]> => {
    try {
      return (await step.draw(ask, context, answers)).fields;
    } catch (error) {
      if (error instanceof Refusal && error.kind !== 'forbidden') return [];
      throw error;
    }
  };

  const submitStep = async (ask: Ask, delivery: Delivery, standing: Standing, seen: string): Promise<Outcome> => {
    const { form, context, kept, step } = standing;
    const current = form.steps[step]!;
    const answers = givenAnswers(form, kept);
    if (current.fields.length > 0) {
      const complaints = complaintsOf(await fieldsNow(current, ask, context, answers), answers);
      if (Object.keys(complaints).length > 0) return stand(ask, standing, { errors: complaints });
    }
    const found = { ...kept, ...(await current.check?.(ask, context, answers)) };
    const next = shownSteps(form, givenAnswers(form, found)).find((index) => index > step);
    if (next !== undefined) {
      const ahead = { ...standing, kept: found, step: next };
      const drawn = await draw(ask, ahead);
      await save(ask, ahead);
      return drawn;
    }
    const reply = await form.submit(ask, answers, context, seen);
    if (reply.kind === 'refused') return complain(ask, standing, reply);
    return settle(ask, delivery, reply, standing.origin);
  };

  return {
    command: (delivery, text) =>
      serve(delivery, deliveryRequest(delivery), (ask) => speak(ask, delivery, storable(text))),

    action: (delivery, name, args) =>
      serve(delivery, deliveryRequest(delivery), async (ask) => {
        const given = storableArgs(args);
        if (name === commandAction) return speak(ask, delivery, given.text ?? '');
        const action = registry.actions.get(name);
        if (!action) return outOfDate;
        requireRight(ask, action.needs);
        return settle(ask, delivery, await action.run(ask, given), delivery.origin ?? null);
      }),

    openForm: (delivery, form, context) =>
      serve(delivery, deliveryRequest(delivery), (ask) =>
        open(ask, delivery, form, storableArgs(context), delivery.origin ?? null),
      ),

    resume: (delivery, draftId) => serveForm(delivery, draftId, (ask, standing) => stand(ask, standing)),

    submit: (delivery, draftId, typed) =>
      serveForm(delivery, draftId, async (ask, found, shown, seen) => {
        const standing = typedInto(found, shown, typed);
        if (!standing) return stand(ask, found);
        return answer(
          log,
          aboutOf(delivery, ask.caller.requestId),
          () => submitStep(ask, delivery, standing, seen),
          async (refusal) => {
            if (refusal.kind === 'forbidden') throw refusal;
            if (refusal.code === 'request.mismatch') throw rule('form.already_sent');
            const { form, kept, context } = standing;
            const wayOn = form.wayOn?.(refusal, givenAnswers(form, kept), context);
            return complain(ask, standing, { text: refusalText(refusal), field: refusal.field, wayOn });
          },
        );
      }),

    back: (delivery, draftId, typed) =>
      serveForm(delivery, draftId, async (ask, found, shown) => {
        const standing = typedInto(found, shown, typed);
        if (!standing) return stand(ask, found);
        const { form, kept, step } = standing;
        const before = shownSteps(form, givenAnswers(form, kept)).findLast((index) => index < step);
        return stand(ask, { ...standing, step: before ?? step });
      }),

    async lookup(delivery, source, typed) {
      const found: { options: Awaited<ReturnType<Desk['lookup']>> } = { options: [] };
      await serve(delivery, deliveryRequest(delivery), async (ask) => {
        const lookup = registry.lookups.get(source);
        if (!lookup) return outOfDate;
        requireRight(ask, lookup.needs);
        found.options = (await lookup.find(ask, storable(typed).trim())).slice(0, limits.lookupOptions);
        return outOfDate;
      });
      return found.options;
    },

    async home(delivery) {
      const outcome = await serve(delivery, deliveryRequest(delivery), async (ask) => ({
        kind: 'message',
        message: await home(ask),
      }));
      if (outcome.kind === 'message') return outcome.message;
      return { title: 'Seatwise', blocks: outcome.kind === 'refused' ? [{ kind: 'text', text: outcome.text }] : [] };
    },
  };
};

const didYouMean = (typed: string, meant: ReturnType<typeof suggest>): Message => {
  const line = typed.length > 200 ? `${typed.slice(0, 200)}…` : typed;
  const [first] = meant;
  return {
    title: 'That is not a command',
    blocks: [
      {
        kind: 'text',
        text: first
          ? [`I do not know “${line}”. Did you mean `, bold(first.command.words), '?']
          : [`I do not know “${line}”. `, bold('help'), ' lists what you can do here.'],
      },
      {
        kind: 'buttons',
        buttons: [
          ...meant.map(({ command, rest }) => ({
            kind: 'run' as const,
            label: command.words,
            action: commandAction,
            args: { text: `${command.words} ${rest}`.trim().slice(0, 500) },
          })),
          ...(meant.some(({ command }) => command.words === 'help')
            ? []
            : [{ kind: 'run' as const, label: 'help', action: commandAction, args: { text: 'help' } }]),
        ],
      },
    ],
  };
};

/** Says only what the person's own client knows already: which account this is. */
const notLinked = ({ platform, workspace, userId }: Delivery): Message => ({
  title: 'This account is not linked yet',
  blocks: [
    {
      kind: 'text',
      text: 'Seatwise does not know who you are. Send this line to the person who runs Seatwise for you, with your address in it; as soon as it was run, your commands work here.',
    },
    {
      kind: 'text',
      text: `npm run cli -- link --email YOUR-ADDRESS --platform ${platform} --workspace ${workspace} --user-id ${userId}`,
    },
  ],
});
