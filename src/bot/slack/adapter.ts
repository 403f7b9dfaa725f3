import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { App, HTTPReceiver, LogLevel, webApi, type Context } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { Logger } from 'pino';
import { rule } from '../../core/errors.ts';
import { answer, refused } from '../answer.ts';
import type { Delivery, Desk, Outcome } from '../desk.ts';
import type { Channel } from '../feature.ts';
import { unfetchedFile } from '../fetch-file.ts';
import type { FileLinks, Sender } from '../sender.ts';
import { bold, type Answers, type Args, type Message } from '../view.ts';
import { fetchSlackFile } from './files-in.ts';
import { slackLogger } from './log.ts';
import {
  actionOf,
  answersOf,
  argsOf,
  isSigned,
  recognize,
  typedText,
  type ActionsPayload,
  type CommandPayload,
  type EventPayload,
  type Recognized,
  type SubmissionPayload,
  type SuggestionPayload,
  type ViewPayload,
} from './payloads.ts';
import {
  renderForm,
  renderHome,
  renderLine,
  renderLineView,
  renderMessage,
  renderMessageView,
  renderOptions,
  skeletonView,
  workingView,
  type SlackMessage,
} from './render.ts';
import { clientOptions, type SlackInstalls } from './sender.ts';

export interface SlackAdapterOptions {
  readonly signingSecret: string;
  readonly desk: Desk;
  readonly sender: Sender;
  readonly installs: SlackInstalls;
  readonly links: FileLinks;
  /** True the first time it is given a key, on any instance; false ever after. */
  readonly takeDelivery: (key: string) => Promise<boolean>;
  readonly log: Logger;
  /** Another Web API base; null: Slack's own. */
  readonly apiUrl: string | null;
  /** Real time before a skeleton is shown and before "working" is said; shorter in tests. */
  readonly patience?: { readonly skeletonMs: number; readonly workingMs: number };
}

export interface SlackAdapter {
  /** Answers one POST to `/slack/events`, whose body was read already. Resolves when the response has ended. */
  handle(request: IncomingMessage, response: ServerResponse, raw: Buffer): Promise<void>;
  /** Resolves when everything that was acknowledged is done. */
  stop(): Promise<void>;
}

const endpoint = '/slack/events';
export const maxBodyBytes = 1024 * 1024;
/** Slack waits three seconds for an acknowledgement, and as long for the use of a trigger. */
const defaultPatience = { skeletonMs: 1000, workingMs: 2000 };

type Client = webApi.WebClient;

/** What each kind of delivery says. */
type Bodies = { [R in Extract<Recognized, { body: object }> as R['kind']]: R['body'] };

interface Taken {
  readonly recognized: Recognized;
  /** Whether the delivery is taken for the first time; commands learn it after their acknowledgement. */
  readonly isFirst: Promise<boolean>;
}

type Say = (message: SlackMessage, replace: boolean) => Promise<void>;

/** Where an interaction took place, and so where its answer is seen. */
type Place =
  /** A message, or a command in a conversation: answered by its response address. */
  | { readonly kind: 'conversation'; readonly say: Say }
  | { readonly kind: 'home' }
  | { readonly kind: 'modal'; readonly view: ViewPayload };

/** Kept with a form: how its receipt finds the place where the form was opened. */
const homeOrigin: Args = { place: 'home' };

/** Slack's own word for a failure. */
const wordOf = (error: unknown): string => (error instanceof webApi.WebAPIPlatformError ? error.data.error : '');

const wait = (ms: number): Promise<'late'> => new Promise((resolve) => setTimeout(resolve, ms, 'late').unref());

export const createSlackAdapter = (options: SlackAdapterOptions): SlackAdapter => {
  const { desk, sender, installs, links, takeDelivery, log } = options;
  const patience = options.patience ?? defaultPatience;
  const inFlight = new Set<Promise<unknown>>();
  /** What was read from a request before Bolt saw it. */
  const taken = new WeakMap<object, Taken>();

  const receiver = new HTTPReceiver({
    signingSecret: options.signingSecret,
    endpoints: endpoint,
    logger: slackLogger(log),
    customPropertiesExtractor: (request) => ({ taken: taken.get(request) }),
  });
  const app = new App({
    receiver,
    logger: slackLogger(log),
    logLevel: LogLevel.INFO,
    convoStore: false,
    clientOptions: { ...clientOptions(options.apiUrl, log), timeout: 5000 },
    authorize: async ({ teamId }) => {
      const install = teamId === undefined ? null : await installs.find(teamId);
      if (!install) throw new Error('not installed in this workspace');
      return { botToken: install.token, botId: install.botId, botUserId: install.botUserId };
    },
  });

  // ---------------------------------------------------------------------------------------- saying things

  /** Posts to the address that Slack gave with the interaction: an ephemeral, or the clicked message anew. */
  const sayTo =
    (responseUrl: string): Say =>
    async (message, replace) => {
      const response = await fetch(responseUrl, {
        method: 'POST',
        redirect: 'error',
        signal: AbortSignal.timeout(5000),
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...message, response_type: 'ephemeral', replace_original: replace }),
      });
      if (!response.ok) throw new Error(`response address answered ${response.status}`);
    };

  /** When a response address has expired (half an hour, five uses), the direct message remains. */
  const sayPrivately = async (delivery: Delivery, message: Message): Promise<void> => {
    const { workspace, userId } = delivery;
    await sender.post(await sender.privateAddress({ workspace, userId, address: null }), message);
  };

  const drawn = (outcome: Exclude<Outcome, { kind: 'open' }>): SlackMessage =>
    outcome.kind === 'refused' ? renderLine(outcome.text, 'warning') : renderMessage(outcome.message, links);

  const asMessage = (outcome: Exclude<Outcome, { kind: 'open' }>): Message =>
    outcome.kind === 'refused'
      ? { title: 'Not done', blocks: [{ kind: 'notice', tone: 'warning', text: outcome.text }] }
      : outcome.message;

  const viewOf = (outcome: Outcome): ModalView => {
    switch (outcome.kind) {
      case 'open':
        return renderForm(outcome.form, links);
      case 'refused':
        return renderLineView(outcome.text, 'warning');
      case 'message':
      case 'replace':
        return renderMessageView(outcome.message, links);
    }
  };

  /** Says it in the conversation, or by direct message when the response address no longer takes it. */
  const sayOr = async (say: Say, delivery: Delivery, outcome: Exclude<Outcome, { kind: 'open' }>): Promise<void> => {
    const message = drawn(outcome);
    try {
      await say(message, outcome.kind === 'replace');
    } catch (error) {
      log.warn({ err: error }, 'slack response address refused; answering by direct message');
      await sayPrivately(delivery, asMessage(outcome));
    }
  };

  /** False: the person has closed it, or something newer stands there. */
  const updateView = async (
    client: Client,
    { id, hash }: { readonly id: string; readonly hash?: string | undefined },
    view: ModalView,
  ): Promise<boolean> => {
    try {
      await client.views.update({ view_id: id, ...(hash && { hash }), view });
      return true;
    } catch (error) {
      if (['hash_conflict', 'not_found', 'view_not_found'].includes(wordOf(error))) return false;
      throw error;
    }
  };

  /**
   * Opens one modal within the life of a trigger: the view itself when it is ready in time, else a skeleton that the
   * view replaces. `over`: the modal in which the trigger was pulled.
   */
  const modalOpening = (client: Client, triggerId: string, over?: ViewPayload) => {
    const started = Date.now();
    const put = (view: ModalView) =>
      over ? client.views.push({ trigger_id: triggerId, view }) : client.views.open({ trigger_id: triggerId, view });
    const putOr = async (view: ModalView): Promise<void> => {
      try {
        await put(view);
      } catch (error) {
        const word = wordOf(error);
        // Another copy of the same delivery has opened it.
        if (word === 'exchanged_trigger_id') return;
        if (word === 'expired_trigger_id' || word === 'trigger_expired') throw rule('chat.too_late');
        if (word === 'push_limit_reached' && over) {
          await updateView(client, over, view);
          return;
        }
        throw error;
      }
    };
    let skeleton: ReturnType<typeof put> | undefined;
    let timer: NodeJS.Timeout | undefined;
    return {
      /** It is certain that a view will come. */
      begin(): void {
        if (timer) return;
        timer = setTimeout(
          () => {
            skeleton = put(skeletonView());
            // Whoever shows the view awaits it; until then a failure is nobody's surprise.
            skeleton.catch(() => {});
          },
          Math.max(0, started + patience.skeletonMs - Date.now()),
        );
      },
      get isShown(): boolean {
        return skeleton !== undefined;
      },
      async show(view: ModalView): Promise<void> {
        clearTimeout(timer);
        if (!skeleton) return putOr(view);
        const { view: stands } = await skeleton;
        await updateView(client, { id: stands?.id ?? '', hash: stands?.hash }, view);
      },
      /** No view comes after all. */
      cancel(): void {
        clearTimeout(timer);
      },
    };
  };
  type Opening = ReturnType<typeof modalOpening>;

  const publishHome = async (client: Client, delivery: Delivery): Promise<void> => {
    const message = await desk.home({ ...delivery, deliveryId: `${delivery.deliveryId}:home` });
    await client.views.publish({ user_id: delivery.userId, view: renderHome(message, links) });
  };

  /** The answer to a command or a button, where it was asked. */
  const present = async (
    outcome: Outcome,
    place: Place,
    delivery: Delivery,
    client: Client,
    opening: Opening,
  ): Promise<void> => {
    if (outcome.kind === 'open' || opening.isShown) return opening.show(viewOf(outcome));
    opening.cancel();
    switch (place.kind) {
      case 'conversation':
        return sayOr(place.say, delivery, outcome);
      case 'home':
        await opening.show(viewOf(outcome));
        return publishHome(client, delivery);
      case 'modal':
        if (outcome.kind === 'replace') {
          await updateView(client, place.view, viewOf(outcome));
          return;
        }
        return opening.show(viewOf(outcome));
    }
  };

  /** Work and its answer; whatever goes wrong on the way is logged once, and the person reads a reference. */
  const guarded = async (
    delivery: Delivery,
    work: () => Promise<void>,
    tell: (outcome: Exclude<Outcome, { kind: 'open' }>) => Promise<void>,
  ): Promise<void> => {
    const about = { platform: 'slack', workspace: delivery.workspace, userId: delivery.userId };
    const outcome = await answer(log, { ...about, requestId: delivery.deliveryId }, async () => {
      await work();
      return refused('');
    });
    if (outcome.kind === 'refused' && outcome.text !== '') await tell(outcome);
  };

  // ---------------------------------------------------------------------------------------- deliveries

  const fetchFile = async (workspace: string, userId: string, fileId: string, maximumBytes: number) => {
    const install = await installs.find(workspace);
    if (!install) throw unfetchedFile();
    const client = new webApi.WebClient(install.token, clientOptions(options.apiUrl, log));
    return fetchSlackFile({ client, token: install.token, apiUrl: options.apiUrl }, fileId, userId, maximumBytes);
  };

  const deliveryOf = (
    workspace: string,
    userId: string,
    deliveryId: string,
    channel: Channel | null,
    origin?: Args,
  ): Delivery => ({
    platform: 'slack',
    workspace,
    userId,
    deliveryId,
    channel,
    // Slack's direct messages are found by the user's id alone.
    address: null,
    channelOf: (named) => sender.channelOf(workspace, named),
    fetchFile: (ref, maximumBytes) => fetchFile(workspace, userId, ref, maximumBytes),
    ...(origin && { origin }),
  });

  const channelIn = (workspace: string, id: string, name: string, botIsMember: boolean): Channel | null =>
    id.startsWith('D') || name === 'directmessage'
      ? null
      : { platform: 'slack', workspace, id, name, address: { workspace, channel: id }, botIsMember };

  const takeCommand = async (body: CommandPayload, isFirst: Promise<boolean>, client: Client): Promise<void> => {
    const { team_id: workspace, user_id: userId, trigger_id: triggerId, response_url: responseUrl } = body;
    const opening = modalOpening(client, triggerId);
    const channel = channelIn(workspace, body.channel_id, body.channel_name, false);
    const origin = { place: 'conversation', responseUrl };
    const delivery = { ...deliveryOf(workspace, userId, triggerId, channel, origin), opening: opening.begin };
    const say = sayTo(responseUrl);
    await guarded(
      delivery,
      async () => {
        if (!(await isFirst)) return;
        const outcome = await desk.command(delivery, typedText(body.text));
        await present(outcome, { kind: 'conversation', say }, delivery, client, opening);
      },
      (outcome) => sayOr(say, delivery, outcome),
    );
  };

  const placeOf = (body: ActionsPayload): Place => {
    if (body.view) return body.view.type === 'home' ? { kind: 'home' } : { kind: 'modal', view: body.view };
    return body.response_url === undefined
      ? { kind: 'conversation', say: () => Promise.reject(new Error('no response address')) }
      : { kind: 'conversation', say: sayTo(body.response_url) };
  };

  const originOf = (body: ActionsPayload, place: Place): Args | undefined => {
    if (place.kind === 'home') return homeOrigin;
    if (place.kind === 'modal' || !body.response_url) return undefined;
    const { message_ts: ts, is_ephemeral: isEphemeral } = body.container;
    return {
      place: 'conversation',
      responseUrl: body.response_url,
      ...(ts && body.channel && !isEphemeral && { ts, channel: body.channel.id }),
    };
  };

  const takeAction = async (body: ActionsPayload, client: Client, ack: () => Promise<void>): Promise<void> => {
    const [action] = body.actions;
    const { verb, name } = actionOf(action!.action_id);
    // Inputs inside a form, and buttons that only open an address, ask nothing of us.
    if (action!.type !== 'button' || verb === 'link') return ack();

    const workspace = body.team.id;
    const place = placeOf(body);
    const opening = modalOpening(client, body.trigger_id, place.kind === 'modal' ? place.view : undefined);
    const origin = originOf(body, place);
    const channel =
      body.channel && place.kind === 'conversation'
        ? channelIn(workspace, body.channel.id, body.channel.name, !body.container.is_ephemeral)
        : null;
    const asked = deliveryOf(workspace, body.user.id, body.trigger_id, channel, origin);
    const delivery = { ...asked, opening: opening.begin };

    let isAcked = false;
    const ackOnce = async (): Promise<void> => {
      if (isAcked) return;
      isAcked = true;
      await ack();
    };
    await guarded(
      delivery,
      async () => {
        if (verb === 'back' && place.kind === 'modal') {
          await ackOnce();
          const outcome = await desk.back(delivery, place.view.private_metadata, answersOf(place.view));
          await updateView(client, place.view, viewOf(outcome));
          return;
        }
        const args = argsOf(action!.value);
        if (args && verb === 'go' && place.kind === 'modal') {
          await ackOnce();
          // The form takes the place of the one that stands: no skeleton is needed.
          await updateView(client, place.view, viewOf(await desk.openForm(asked, name, args)));
          return;
        }
        if (args && verb === 'form') {
          await ackOnce();
          await present(await desk.openForm(delivery, name, args), place, delivery, client, opening);
          return;
        }
        // What changes something is committed before the acknowledgement, or said to be under way.
        const work: Promise<Outcome> =
          args && verb === 'run'
            ? desk.action(delivery, name, args)
            : Promise.resolve(refused('This message is out of date.'));
        const first = await Promise.race([work, wait(patience.workingMs)]);
        await ackOnce();
        if (first === 'late') {
          if (place.kind === 'conversation') await place.say(renderLine('Working on it…', 'info'), false);
          else opening.begin();
        }
        await present(await work, place, delivery, client, opening);
      },
      async (outcome) => {
        await ackOnce();
        if (place.kind === 'conversation') await sayOr(place.say, delivery, outcome);
        else await sayPrivately(delivery, asMessage(outcome));
      },
    );
  };

  /** The receipt of a form, after its modal: where the form was opened. */
  const giveReceipt = async (
    outcome: Exclude<Outcome, { kind: 'open' }>,
    origin: Args,
    delivery: Delivery,
    client: Client,
  ): Promise<void> => {
    const { responseUrl = '', ts, channel } = origin;
    const say: Say = async (message, replace) => {
      // The bot's own message can be replaced long after its response address has expired.
      if (replace && ts !== undefined && channel !== undefined) await client.chat.update({ channel, ts, ...message });
      else await sayTo(responseUrl)(message, replace);
    };
    await sayOr(say, delivery, outcome);
  };

  const isAbout = (view: ViewPayload, errors: Readonly<Record<string, string>>): boolean => {
    const inputs = new Set(
      view.blocks.flatMap(({ type, block_id }) => (type === 'input' && block_id ? [block_id] : [])),
    );
    const names = Object.keys(errors);
    return names.length > 0 && names.every((name) => inputs.has(name));
  };

  type AckView = (
    body?:
      { response_action: 'update'; view: ModalView } | { response_action: 'errors'; errors: Record<string, string> },
  ) => Promise<void>;

  const takeSubmission = async ({ view, user, team, trigger_id }: SubmissionPayload, client: Client, ack: AckView) => {
    if (view.callback_id !== 'form') return ack();
    const deliveryId = trigger_id ?? `${view.id}:${view.hash ?? ''}`;
    const delivery = deliveryOf(team.id, user.id, deliveryId, null);
    let isAcked = false;
    const ackOnce: AckView = async (body) => {
      isAcked = true;
      await ack(body);
    };

    await guarded(
      delivery,
      async () => {
        const typed: Answers = answersOf(view);
        const work = desk.submit(delivery, view.private_metadata, typed);
        const first = await Promise.race([work, wait(patience.workingMs)]);
        if (first === 'late') {
          await ackOnce({ response_action: 'update', view: workingView() });
          const outcome = await work;
          const stands = await updateView(client, { id: view.id }, viewOf(outcome));
          if (!stands && outcome.kind !== 'open') await sayPrivately(delivery, asMessage(outcome));
          if (outcome.origin?.place === 'home') await publishHome(client, delivery);
          return;
        }
        if (first.kind === 'open') {
          // Slack keeps what was typed and marks the field; a complaint about another step needs that step's view.
          const { errors, draftId, wayOn } = first.form;
          const isSame = draftId === view.private_metadata && !wayOn && isAbout(view, errors);
          return ackOnce(
            isSame
              ? { response_action: 'errors', errors: { ...errors } }
              : { response_action: 'update', view: renderForm(first.form, links) },
          );
        }
        const { origin } = first;
        if (first.kind === 'refused' || origin?.place !== 'conversation') {
          await ackOnce({ response_action: 'update', view: viewOf(first) });
          if (origin?.place === 'home') await publishHome(client, delivery);
          return;
        }
        await ackOnce();
        await giveReceipt(first, origin, delivery, client);
      },
      async (outcome) => {
        if (!isAcked) await ackOnce({ response_action: 'update', view: viewOf(outcome) });
        else await sayPrivately(delivery, asMessage(outcome));
      },
    );
  };

  const takeSuggestion = async (body: SuggestionPayload, ack: (body: { options: object[] }) => Promise<void>) => {
    const { name, verb } = actionOf(body.action_id);
    const delivery = deliveryOf(body.team.id, body.user.id, `lookup:${body.action_id}`, null);
    const found = verb === 'lookup' ? await desk.lookup(delivery, name, body.value) : [];
    await ack({ options: renderOptions(found) });
  };

  /** Words written to us in the direct message mean what they mean behind `/lmp`; only forms need the command. */
  const takeWords = async (delivery: Delivery, text: string): Promise<void> => {
    const outcome = await desk.command(delivery, typedText(text));
    await sayPrivately(delivery, outcome.kind === 'open' ? formByCommand(text) : asMessage(outcome));
  };

  const takeEvent = async ({ team_id: workspace, event_id: eventId, event }: EventPayload, client: Client) => {
    if (event.user === undefined) return;
    const attached = (event.files ?? []).map(({ id, name }) => ({ ref: id, name: name ?? id }));
    const delivery = { ...deliveryOf(workspace, event.user, eventId, null), attached };
    const told = (outcome: Exclude<Outcome, { kind: 'open' }>): Promise<void> =>
      sayPrivately(delivery, asMessage(outcome));
    if (event.type === 'app_home_opened' && event.tab !== 'messages')
      await guarded(delivery, () => publishHome(client, delivery), told);
    // Edits, joins and what bots write are no questions to us.
    const isWord = event.channel_type === 'im' && isWritten(event.subtype) && event.bot_id === undefined;
    if (event.type === 'message' && isWord) await guarded(delivery, () => takeWords(delivery, event.text ?? ''), told);
  };

  // ---------------------------------------------------------------------------------------- Bolt's listeners
  // Every matching listener runs, so there is one of each kind, and the desk finds the way from there. The bodies were
  // read by `recognize` before Bolt saw them.

  app.use(async ({ next }) => {
    const work = next();
    inFlight.add(work);
    try {
      await work;
    } catch (error) {
      // Not even the sentence about what broke could be said: Slack is out of reach.
      log.error({ err: error }, 'slack delivery failed');
    } finally {
      inFlight.delete(work);
    }
  });
  app.error(async (error) => log.error({ err: error }, 'slack delivery failed'));

  const takenOf = <K extends keyof Bodies>(
    context: Context,
    kind: K,
  ): { body: Bodies[K]; isFirst: Promise<boolean> } => {
    const { recognized, isFirst } = context.taken as Taken;
    if (recognized.kind !== kind) throw new Error(`Bolt took a ${recognized.kind} for a ${kind}`);
    return { body: recognized.body as Bodies[K], isFirst };
  };

  app.command(/.*/, async ({ ack, client, context }) => {
    // A replay is acknowledged like the first delivery, so nobody waits for the database here.
    await ack();
    const { body, isFirst } = takenOf(context, 'command');
    await takeCommand(body, isFirst, client);
  });
  app.action(/.*/, ({ ack, client, context }) => takeAction(takenOf(context, 'actions').body, client, () => ack()));
  app.view({ type: 'view_submission', callback_id: /.*/ }, ({ ack, client, context }) =>
    takeSubmission(takenOf(context, 'submission').body, client, ack as AckView),
  );
  app.view({ type: 'view_closed', callback_id: /.*/ }, async ({ ack }) => ack());
  app.options(/.*/, ({ ack, context }) =>
    takeSuggestion(takenOf(context, 'suggestion').body, ack as Parameters<typeof takeSuggestion>[1]),
  );
  app.event(/.*/, ({ client, context }) => takeEvent(takenOf(context, 'event').body, client));

  // ---------------------------------------------------------------------------------------- the way in

  const end = (response: ServerResponse, status: number): void => {
    response.writeHead(status).end();
  };

  return {
    async handle(request, response, raw) {
      const type = request.headers['content-type']?.split(';')[0]!.trim().toLowerCase();
      const contentType =
        type === 'application/x-www-form-urlencoded' ? 'form' : type === 'application/json' ? 'json' : null;
      if (request.method !== 'POST') return end(response, 405);
      if (raw.length > maxBodyBytes) return end(response, 413);
      const signature = request.headers['x-slack-signature'];
      const timestamp = request.headers['x-slack-request-timestamp'];
      const isOurs =
        typeof signature === 'string' &&
        typeof timestamp === 'string' &&
        isSigned(options.signingSecret, signature, timestamp, raw, Date.now());
      if (!isOurs) return end(response, 401);
      if (!contentType) return end(response, 415);
      const recognized = recognize(contentType, raw);
      if (!recognized) return end(response, 400);
      if (recognized.kind === 'other') return end(response, 200);

      const key = replayKey(recognized, raw, signature);
      const isFirst = key === null ? Promise.resolve(true) : takeDelivery(key);
      if (recognized.kind === 'command') isFirst.catch(() => {});
      else if (!(await isFirst)) return end(response, 200);
      taken.set(request, { recognized, isFirst });

      const ended = new Promise<void>((resolve) => response.once('close', resolve));
      // Bolt takes the type word by word: with a charset behind it, it would read a form as JSON.
      request.headers['content-type'] = type!;
      request.url = endpoint;
      (request as IncomingMessage & { rawBody?: Buffer }).rawBody = raw;
      receiver.requestListener(request, response);
      await ended;
    },

    async stop() {
      while (inFlight.size > 0) await Promise.allSettled(inFlight);
    },
  };
};

/** A message with a file is one that somebody wrote, too. */
const isWritten = (subtype: string | undefined): boolean => subtype === undefined || subtype === 'file_share';

/** Slack opens forms from a command or a button, never from a message. */
const formByCommand = (text: string): Message => ({
  title: 'This opens a form',
  blocks: [
    { kind: 'text', text: ['Slack opens forms from a command. Send ', bold(`/lmp ${text.trim()}`), ' to see it.'] },
  ],
});

/**
 * What makes two deliveries the same one; null: nothing is changed by it, and the same letters may well be searched
 * twice within a second. Slack comes back with an event under a new signature, and a body that names its own trigger
 * is never sent twice on purpose.
 */
const replayKey = (recognized: Recognized, raw: Buffer, signature: string): string | null => {
  switch (recognized.kind) {
    case 'event':
      return `slack-event:${recognized.body.event_id}`;
    case 'command':
    case 'actions':
      return `slack-body:${createHash('sha256').update(raw).digest('base64url')}`;
    case 'submission':
    case 'closed':
    case 'other':
      return `slack:${signature}`;
    case 'suggestion':
    case 'challenge':
      return null;
  }
};
