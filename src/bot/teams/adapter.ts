import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { PUBLIC, type InvokeResponse } from '@microsoft/teams.api';
import { App, type HttpRouteHandler, type IHttpServerAdapter } from '@microsoft/teams.apps';
import type { Logger } from 'pino';
import type { Channel } from '../feature.ts';
import type { Delivery, Desk, Outcome } from '../desk.ts';
import { fetchBytes, goneFile, unfetchedFile } from '../fetch-file.ts';
import { SendFailure, type FileLinks, type Sender } from '../sender.ts';
import type { Message, Option } from '../view.ts';
import {
  commandText,
  isPersonal,
  parseActivity,
  sentFiles,
  tenantOf,
  withoutThread,
  type Activity,
  type CardAction,
  type CardSearch,
  type DialogOpen,
  type DialogSubmit,
  type FileConsent,
  type MessageActivity,
} from './activity.ts';
import { addressArgs, plainServiceUrl } from './address.ts';
import { answersOf, consentData, dialogData, executeData, goData, openData } from './card-data.ts';
import type { Card } from './card.ts';
import { createConnector, type Post, type Way } from './connector.ts';
import { createFileUploads, type StoredBytes } from './file-upload.ts';
import { createGuard } from './guard.ts';
import { createInFlight } from './in-flight.ts';
import { createFirstAnswers } from './first-answers.ts';
import { formCard, formPromptCard, messageCard, sentenceCard } from './render.ts';
import { createTeamsSender } from './sender.ts';
import { teamsLog } from './sdk-log.ts';
import { createTokenSource } from './token.ts';

export interface TeamsOptions {
  readonly desk: Desk;
  readonly log: Logger;
  readonly links: FileLinks;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The one Entra tenant that is served. */
  readonly tenantId: string;
  /** Another connector, login service and key document, for tests and the playground. */
  readonly serviceUrl?: string | null;
  readonly loginUrl?: string | null;
  readonly openIdUrl?: string | null;
  /** Remembers a delivery; true when it was here before, on any instance. */
  readonly seen: (key: string) => Promise<boolean>;
  /** A stored file for the person behind an account; null when it is gone or none of his. */
  readonly fileBytes: (fileId: string, by: { workspace: string; userId: string }) => Promise<StoredBytes | null>;
}

export interface Teams {
  /** Serves POST /api/messages on our own server; `raw` is the body. Never throws, never tells of our insides. */
  handle(request: IncomingMessage, response: ServerResponse, raw: Buffer): Promise<void>;
  readonly sender: Sender;
  /** Waits for what was acknowledged and is still being answered. */
  stop(): Promise<void>;
}

const endpoint = '/api/messages';
const bodyLimit = 1_000_000;
const timeoutMs = 5000;

const privately = 'I answered in our private chat.';
const outOfDate = 'This message is out of date.';
const broken = 'Something broke on our side. Try again in a moment.';

/** The SDK registers its one route here; the port is ours, and so is the server. */
class RouteOnly implements IHttpServerAdapter {
  readonly routes = new Map<string, HttpRouteHandler>();
  registerRoute(_method: 'POST', path: string, handler: HttpRouteHandler): void {
    this.routes.set(path, handler);
  }
  async stop(): Promise<void> {}
}

type ActionAnswer = InvokeResponse<'adaptiveCard/action'>['body'];
type DialogAnswer = InvokeResponse<'task/fetch'>;

const cardAnswer = (card: Card): ActionAnswer =>
  ({ statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: card }) as unknown as ActionAnswer;
const sentenceAnswer = (value: string): ActionAnswer => ({
  statusCode: 200,
  type: 'application/vnd.microsoft.activity.message',
  value,
});

const dialogSentence = (value: string): DialogAnswer => ({ status: 200, body: { task: { type: 'message', value } } });
const choices = (found: readonly Option[]): InvokeResponse<'application/search'> => ({
  status: 200,
  body: {
    statusCode: 200,
    type: 'application/vnd.microsoft.search.searchResponse',
    value: { results: found.map(({ value, label }) => ({ title: label, value })) },
  } as never,
});
const dialogCloses: DialogAnswer = { status: 200 };

export const createTeams = async (options: TeamsOptions): Promise<Teams> => {
  const { desk, log, links, clientId, tenantId, seen } = options;
  const botId = `28:${clientId}`;
  const cloud = {
    ...PUBLIC,
    ...(options.openIdUrl && { openIdMetadataUrl: options.openIdUrl }),
    ...(options.loginUrl && { loginEndpoint: options.loginUrl }),
  };
  const defaultServiceUrl = plainServiceUrl(options.serviceUrl ?? 'https://smba.trafficmanager.net/teams');
  const guard = createGuard({ tenants: [tenantId], issuer: cloud.tokenIssuer, otherOrigins: [defaultServiceUrl] });
  const routes = new RouteOnly();
  // Whatever is left out, the SDK takes from the environment; an empty text keeps it from doing so.
  const app = new App({
    clientId,
    tenantId,
    clientSecret: '',
    managedIdentityClientId: clientId,
    token: createTokenSource({
      clientId,
      clientSecret: options.clientSecret,
      tenantId,
      loginUrl: cloud.loginEndpoint,
    }),
    dangerouslyAllowUnauthenticatedRequests: false,
    skipAuth: false,
    messagingEndpoint: endpoint,
    serviceUrl: defaultServiceUrl,
    httpServerAdapter: routes,
    logger: teamsLog(log),
    client: { timeout: timeoutMs, logger: teamsLog(log) },
    telemetry: { agent365: false },
    cloud,
  });
  const connector = createConnector(app, guard, botId);
  const inFlight = createInFlight();
  const stopping = new AbortController();
  const firstAnswers = createFirstAnswers(seen);

  // ------------------------------------------------------------------------------- what deliveries tell

  const teams = new Map<string, string>();
  let lastServiceUrl = defaultServiceUrl;
  const sender = createTeamsSender(connector, links, {
    serviceUrlOf: () => lastServiceUrl,
    teamsOf: () => [...teams.keys()],
  });
  const privateChats = new Map<string, string>();
  const channelNames = new Map<string, string>();

  const learn = (activity: Activity): void => {
    lastServiceUrl = plainServiceUrl(activity.serviceUrl);
    const team = activity.channelData?.team;
    if (team) teams.set(team.id, team.name ?? '');
    const channel = activity.channelData?.channel;
    if (channel?.name) channelNames.set(channel.id, channel.name);
    if (isPersonal(activity)) privateChats.set(activity.from.id, activity.conversation.id);
  };

  const wayOf = ({ serviceUrl, conversation }: Activity): Way => ({
    serviceUrl: plainServiceUrl(serviceUrl),
    conversation: conversation.id,
  });

  const privateWay = async (activity: Activity): Promise<Way> => {
    const serviceUrl = plainServiceUrl(activity.serviceUrl);
    if (isPersonal(activity)) return wayOf(activity);
    const known = privateChats.get(activity.from.id);
    const conversation = known ?? (await connector.openPrivate(serviceUrl, tenantId, activity.from.id));
    privateChats.set(activity.from.id, conversation);
    return { serviceUrl, conversation };
  };

  const channelName = async (activity: Activity): Promise<string> => {
    const id = withoutThread(activity.conversation.id);
    const known = channelNames.get(id);
    if (known !== undefined) return known;
    const team = activity.channelData?.team?.id;
    if (team && activity.type === 'message') {
      try {
        const found = await connector.channels(plainServiceUrl(activity.serviceUrl), team);
        for (const each of found) channelNames.set(each.id, each.name);
      } catch (error) {
        // The name is only for reading: the channel is known by its id.
        log.warn({ reason: reasonOf(error) }, 'channel name not known');
      }
    }
    return channelNames.get(id) ?? activity.conversation.name ?? 'this channel';
  };

  const channelOf = async (activity: Activity): Promise<Channel | null> => {
    if (isPersonal(activity)) return null;
    const id = withoutThread(activity.conversation.id);
    const serviceUrl = plainServiceUrl(activity.serviceUrl);
    return {
      platform: 'teams',
      workspace: tenantId,
      id,
      name: await channelName(activity),
      address: addressArgs({ kind: 'channel', serviceUrl, tenant: tenantId, conversation: id }),
      botIsMember: true,
    };
  };

  /** The address carries its own right: no token of ours goes along, and only to where Microsoft keeps files. */
  const filesOf = (activity: Activity): Pick<Delivery, 'attached' | 'fetchFile'> => {
    const sent = activity.type === 'message' ? sentFiles(activity as MessageActivity) : [];
    return {
      attached: sent.map(({ name }, index) => ({ ref: `${index}`, name })),
      async fetchFile(ref, maximumBytes) {
        const file = sent[Number(ref)];
        if (!file) throw goneFile();
        if (!guard.allowsDownload(file.url)) throw unfetchedFile();
        return { name: file.name, bytes: await fetchBytes(file.url, maximumBytes) };
      },
    };
  };

  const deliveryOf = async (activity: Activity, way: Way | null): Promise<Delivery> => ({
    platform: 'teams',
    workspace: tenantId,
    userId: activity.from.id,
    deliveryId: activity.id ?? '',
    channel: await channelOf(activity),
    address: way && addressArgs({ kind: 'personal', tenant: tenantId, user: activity.from.id, ...way }),
    channelOf: (channel) => sender.channelOf(tenantId, channel),
    ...filesOf(activity),
    // A form may be opened by a button of a message, which then is what its answer replaces.
    ...(activity.replyToId && { origin: { conversation: activity.conversation.id, message: activity.replyToId } }),
  });

  // ------------------------------------------------------------------------------------------- answering

  /** Work that the delivery does not wait for. */
  const later = (work: () => Promise<void>): void => {
    inFlight.track(
      work().catch((error: unknown) => {
        if (error instanceof SendFailure) log.warn({ reason: error.reason }, 'answer not delivered');
        else log.error({ err: error }, 'teams delivery failed');
      }),
    );
  };

  /** An answer to somebody who waits: some patience, no queue. */
  const persistently = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof SendFailure) || error.permanent || attempt === 4 || stopping.signal.aborted) throw error;
        const seconds = Math.min(error.retryAfterSeconds ?? 2 ** (attempt - 1), 60);
        await sleep(seconds * 1000, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  };
  const send = (way: Way, post: Post): Promise<string> => persistently(() => connector.send(way, post));

  const cardOf = (outcome: Outcome): Card => {
    switch (outcome.kind) {
      case 'message':
      case 'replace':
        return messageCard(outcome.message, links);
      case 'open':
        return formPromptCard(outcome.form);
      case 'refused':
        return sentenceCard('danger', outcome.text);
    }
  };

  const sayPrivately = (activity: Activity, card: Card): void =>
    later(async () => {
      await send(await persistently(() => privateWay(activity)), { card });
    });

  /** What the person sees at once where he clicked, when the answer itself stands in the private chat. */
  const receipt = (activity: Activity, message: string): string => (isPersonal(activity) ? message : privately);

  // ------------------------------------------------------------------------------------------- messages

  const onMessage = async (activity: MessageActivity): Promise<void> => {
    try {
      if (await seen(keyOf(activity))) return;
    } catch (error) {
      log.error({ err: error }, 'teams delivery failed');
      await send(wayOf(activity), { text: broken });
      return;
    }
    if (isPersonal(activity)) {
      const way = wayOf(activity);
      const outcome = await desk.command(await deliveryOf(activity, way), commandText(activity));
      await send(way, { card: cardOf(outcome) });
      return;
    }
    let way: Way;
    try {
      way = await privateWay(activity);
    } catch (error) {
      log.warn({ reason: reasonOf(error) }, 'no private chat');
      await send(wayOf(activity), { text: 'I cannot write to you in private. Open a chat with me, then ask again.' });
      return;
    }
    const outcome = await desk.command(await deliveryOf(activity, way), commandText(activity));
    await send(way, { card: cardOf(outcome) });
    await send(wayOf(activity), { text: privately });
  };

  const onInstall = async (activity: Activity): Promise<void> => {
    if (activity.id && (await seen(keyOf(activity)))) return;
    const way = wayOf(activity);
    if (!isPersonal(activity)) {
      await send(way, { card: messageCard(channelWelcome, links) });
      return;
    }
    const home = await desk.home(await deliveryOf(activity, way));
    await send(way, { card: messageCard(welcome(home), links) });
  };

  // ------------------------------------------------------------------------------------------- buttons

  const act = async (activity: CardAction, again: boolean): Promise<ActionAnswer> => {
    const { verb, data } = activity.value.action;
    const carried = executeData.safeParse(data);
    if (!verb || !carried.success) return sentenceAnswer(outOfDate);
    const delivery = await deliveryOf(activity, isPersonal(activity) ? wayOf(activity) : null);
    const outcome = await desk.action(delivery, verb, carried.data.args);
    switch (outcome.kind) {
      case 'replace':
        return cardAnswer(messageCard(outcome.message, links));
      case 'refused':
        return sentenceAnswer(outcome.text);
      case 'message':
        if (!again) sayPrivately(activity, cardOf(outcome));
        return sentenceAnswer(receipt(activity, outcome.message.title));
      case 'open':
        if (!again) sayPrivately(activity, cardOf(outcome));
        return sentenceAnswer(receipt(activity, outcome.form.view.title));
    }
  };

  // ------------------------------------------------------------------------------------------- dialogs

  const dialogOf = (outcome: Extract<Outcome, { kind: 'open' }>): DialogAnswer => {
    const { view } = outcome.form;
    return {
      status: 200,
      body: {
        task: {
          type: 'continue',
          value: {
            title: view.title,
            width: 'medium',
            height: view.fields.length + (view.intro?.length ?? 0) > 5 ? 'large' : 'medium',
            card: {
              contentType: 'application/vnd.microsoft.card.adaptive',
              content: formCard(outcome.form, links) as never,
            },
          },
        },
      },
    };
  };

  /** What a dialog shows that was to open a form. */
  const dialogAnswer = (activity: Activity, outcome: Outcome): DialogAnswer => {
    switch (outcome.kind) {
      case 'open':
        return dialogOf(outcome);
      case 'refused':
        return dialogSentence(outcome.text);
      case 'message':
      case 'replace':
        sayPrivately(activity, cardOf(outcome));
        return dialogSentence(receipt(activity, outcome.message.title));
    }
  };

  const openDialog = async (activity: DialogOpen): Promise<DialogAnswer> => {
    const target = openData.safeParse(activity.value.data);
    if (!target.success) return dialogSentence(outOfDate);
    const delivery = await deliveryOf(activity, isPersonal(activity) ? wayOf(activity) : null);
    const outcome = await ('open' in target.data
      ? desk.openForm(delivery, target.data.open.form, target.data.open.context)
      : desk.resume(delivery, target.data.resume));
    return dialogAnswer(activity, outcome);
  };

  const submitDialog = async (activity: DialogSubmit): Promise<DialogAnswer> => {
    const delivery = await deliveryOf(activity, isPersonal(activity) ? wayOf(activity) : null);
    const go = goData.safeParse(activity.value.data);
    if (go.success) return dialogAnswer(activity, await desk.openForm(delivery, go.data.go.form, go.data.go.context));
    const data = dialogData.safeParse(activity.value.data);
    if (!data.success) return dialogSentence(outOfDate);
    const { form, ...inputs } = data.data;
    const typed = answersOf(inputs);
    const outcome = await (form.go === 'back'
      ? desk.back(delivery, form.draft, typed)
      : desk.submit(delivery, form.draft, typed));
    switch (outcome.kind) {
      case 'open':
        return dialogOf(outcome);
      case 'refused':
        return dialogSentence(outcome.text);
      case 'replace': {
        const { conversation, message } = outcome.origin ?? {};
        if (conversation && message) {
          const way = { serviceUrl: plainServiceUrl(activity.serviceUrl), conversation };
          later(() => persistently(() => connector.update(way, message, { card: cardOf(outcome) })));
          return dialogCloses;
        }
        sayPrivately(activity, cardOf(outcome));
        return isPersonal(activity) ? dialogCloses : dialogSentence(privately);
      }
      case 'message':
        sayPrivately(activity, cardOf(outcome));
        return isPersonal(activity) ? dialogCloses : dialogSentence(privately);
    }
  };

  const search = async (activity: CardSearch): Promise<InvokeResponse<'application/search'>> => {
    const { dataset, queryText } = activity.value;
    const delivery = await deliveryOf(activity, null);
    return choices(dataset ? await desk.lookup(delivery, dataset, queryText ?? '') : []);
  };

  // --------------------------------------------------------------------------------------------- files

  const uploads = createFileUploads(guard);
  const onConsent = async (activity: FileConsent): Promise<void> => {
    const { action, context, uploadInfo } = activity.value;
    const way = wayOf(activity);
    const file = consentData.safeParse(context);
    if (!file.success) return void (await send(way, { text: outOfDate }));
    const { fileId, name } = file.data;
    if (action === 'decline')
      return void (await send(way, { text: `${name} was not saved. Ask again when you want it.` }));
    let stored: StoredBytes | null;
    try {
      stored = await options.fileBytes(fileId, { workspace: tenantId, userId: activity.from.id });
    } catch (error) {
      log.error({ err: error }, 'file could not be read');
      stored = null;
    }
    if (!stored) return void (await send(way, { text: `${name} is no longer there. Ask for it again.` }));
    const done = await uploads.put(stored, uploadInfo?.uploadUrl);
    if (done !== 'saved') {
      log.warn({ reason: done }, 'file not uploaded');
      return void (await send(way, { text: `${name} could not be saved. Ask for it again in a moment.` }));
    }
    await send(way, {
      summary: `${name} is saved.`,
      attachment: {
        contentType: 'application/vnd.microsoft.teams.card.file.info',
        name,
        ...(uploadInfo?.contentUrl && { contentUrl: uploadInfo.contentUrl }),
        content: { uniqueId: uploadInfo?.uniqueId ?? '', fileType: uploadInfo?.fileType ?? '' },
      },
    });
  };

  // ------------------------------------------------------------------------------------------- the SDK

  /** The SDK passes on what `parseActivity` accepted, so the type is known by the route. */
  const given = <A extends Activity>(context: { readonly activity: unknown }): A => context.activity as A;

  /** An answer there must be, whatever happens behind the desk. */
  const orBroken = <T>(answer: Promise<T>, sentence: (text: string) => T): Promise<T> =>
    answer.catch((error: unknown) => {
      log.error({ err: error }, 'teams delivery failed');
      return sentence(broken);
    });

  app.use(async (context) => {
    learn(given(context));
    return context.next() as never;
  });
  app.on('message', async (context) => {
    later(() => onMessage(given(context)));
  });
  app.on('install.add', async (context) => {
    later(() => onInstall(given(context)));
  });
  app.on('card.action', (context) => {
    const activity = given<CardAction>(context);
    const answer = firstAnswers.of(keyOf(activity), (again) => act(activity, again));
    return orBroken(answer, sentenceAnswer) as never;
  });
  app.on('dialog.open', (context) => orBroken(openDialog(given(context)), dialogSentence));
  app.on('dialog.submit', (context) => {
    const activity = given<DialogSubmit>(context);
    const answer = firstAnswers.of(keyOf(activity), async (again) =>
      again ? dialogSentence('This was already received.') : submitDialog(activity),
    );
    return orBroken(answer, dialogSentence) as never;
  });
  app.on('card.search', (context) => orBroken(search(given(context)), () => choices([])));
  app.on('file.consent', async (context) => {
    const activity = given<FileConsent>(context);
    later(async () => {
      if (!(await seen(keyOf(activity)))) await onConsent(activity);
    });
    return { status: 200 };
  });
  await app.initialize();
  const deliver = routes.routes.get(endpoint);
  if (!deliver) throw new Error('the Teams SDK registered no endpoint');

  // ------------------------------------------------------------------------------------------- the door

  const receive = async (
    headers: IncomingMessage['headers'],
    raw: Buffer,
  ): Promise<{ readonly status: number; readonly body?: unknown }> => {
    if (raw.byteLength > bodyLimit) return { status: 413, body: { error: 'too large' } };
    const activity = parseActivity(raw);
    if (!activity) return { status: 400, body: { error: 'not an activity' } };
    const refusal = guard.refusal(activity, headers.authorization);
    if (refusal) {
      log.warn({ refusal }, 'teams delivery refused');
      return { status: 403, body: { error: refusal } };
    }
    const answer = await deliver({ body: activity, headers: headers as Record<string, string | string[]> });
    return answer.status >= 500 ? { status: answer.status } : answer;
  };

  return {
    sender,
    async handle(request, response, raw) {
      const { status, body } = await receive(request.headers, raw).catch((error: unknown) => {
        log.error({ err: error }, 'teams delivery failed');
        return { status: 500, body: undefined };
      });
      if (body === undefined || body === null) return void response.writeHead(status).end();
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
    },
    async stop() {
      stopping.abort();
      await inFlight.settled();
      await app.stop();
    },
  };
};

/** One delivery, on any instance. An id is unique within its conversation. */
const keyOf = (activity: Activity): string =>
  `teams:${tenantOf(activity) ?? ''}:${activity.conversation.id}:${activity.id ?? ''}`;

const reasonOf = (error: unknown): string => (error instanceof SendFailure ? error.reason : String(error));

const welcome = (home: Message): Message => ({
  ...home,
  blocks: [
    {
      kind: 'text',
      text: [
        'Welcome to Seatwise. Write a command, such as ',
        { text: 'plan create', bold: true },
        ' or ',
        { text: 'customer list', bold: true },
        '; ',
        { text: 'help', bold: true },
        ' lists them all.',
      ],
    },
    ...home.blocks,
  ],
});

const channelWelcome: Message = {
  title: 'Seatwise is here',
  blocks: [
    {
      kind: 'text',
      text: [
        'Mention me with a command, such as ',
        { text: 'help', bold: true },
        '. I answer in our private chat; what is meant for everyone here is posted here.',
      ],
    },
  ],
};
