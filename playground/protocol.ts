/**
 * What the page and the playground server say to each other: one snapshot, the events that change it, and the
 * POST endpoints by which a person acts. Types, and the list of event names; the page imports this file as it is.
 *
 * `GET /events` is a server-sent event stream. Its first frame is `snapshot` (or, with `Last-Event-ID`, the
 * missed events when they are still kept). Each later event carries a whole object that replaces the one
 * with the same key, so applying an event twice is harmless.
 *
 * `POST /api/…` takes and gives JSON and answers 200 with `Answer<…>`; the body names the acting persona. The
 * request ends when the app has acknowledged, so a page shows its spinner for as long as the POST is pending.
 * Everything that changes what people see arrives by the stream as well.
 *
 * The stream is the whole world, all personas at once. The page shows what its persona would see: ephemerals
 * with `visibleTo` of that user, channels and chats with the user among `members`, its own home, modals, dialog.
 */

/** Epoch text such as `2026-03-05T09:00:00Z`. */
export type InstantText = string;
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

// ---------------------------------------------------------------------------------------------- the world

export interface Persona {
  /** Short and stable: the local part of the e-mail address (`mia`). */
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly title: string;
  readonly partner: string;
  readonly roles: readonly string[];
  /** Absent: this person has no account there; the page then disables that pane for the persona. */
  readonly slackUserId?: string;
  readonly teamsUserId?: string;
  readonly teamsAadObjectId?: string;
  /** IANA zone in which this person reads times; absent: UTC. */
  readonly timeZone?: string;
}

export interface Snapshot {
  readonly personas: readonly Persona[];
  readonly product: ProductState;
  readonly slack: SlackState;
  readonly teams: TeamsState;
  /** Oldest first. */
  readonly mails: readonly Mail[];
  readonly clock: ClockState;
  readonly faults: Faults;
  /** Oldest first, the last 500. */
  readonly traffic: readonly TrafficEntry[];
  readonly unread: Unread;
  readonly tour: TourState;
}

/** Whether the app behind the playground answers. */
export interface ProductState {
  readonly state: 'starting' | 'up' | 'down';
  readonly url: string;
  /** One sentence when it is down. */
  readonly message?: string;
}

/** Messages not seen yet: persona id → channel id (Slack), chat id (Teams) or `mail` → count; zero is left out. */
export type Unread = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface Mail {
  readonly id: string;
  /** Business time. */
  readonly at: InstantText;
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

export interface ClockState {
  /** Business time at the real time `readAt`; add the real time passed since to draw a running clock. */
  readonly now: InstantText;
  readonly readAt: InstantText;
  /** When the app has something to do next (digest slot, deadline), business time. */
  readonly nextDue: InstantText | null;
  /** True while the app catches up after a turn. */
  readonly turning: boolean;
}

export interface Faults {
  /** `rate_limited`: 429 with Retry-After; `down`: 500 on every Web API call. */
  readonly slack: 'ok' | 'rate_limited' | 'down';
  readonly teams: 'ok' | 'rate_limited' | 'down';
  /** The Retry-After of the two above, seconds. */
  readonly retryAfterSeconds: number;
  /** Each click, command, submission and message is delivered twice, as a platform does after a lost answer. */
  readonly duplicateDeliveries: boolean;
  /** Each delivery and each answer of the fakes takes a second longer. */
  readonly slowNetwork: boolean;
}

export interface TourState {
  /** Ids of the steps done; the page knows the steps. */
  readonly done: readonly string[];
  readonly dismissed: boolean;
}

export interface TrafficEntry {
  /** Unique and growing. */
  readonly id: number;
  readonly at: InstantText;
  readonly platform: 'slack' | 'teams';
  /** `to_app`: a signed delivery; `from_app`: a call of the app to the platform. */
  readonly direction: 'to_app' | 'from_app';
  /** What a person calls it: `/lmp customer list`, `block_actions approve`, `chat.postMessage`, `invoke task/fetch`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly request: Json;
  /** Null while running, and when the app gave no answer. */
  readonly response: Json;
  /** 0 when the connection failed or timed out. */
  readonly status: number;
  readonly ms: number;
  /** Who acted, or for whom the call was. */
  readonly persona?: string;
  /** What went wrong, in words (`invalid_blocks: …`, `no answer within 3 s`). */
  readonly problem?: string;
}

// ---------------------------------------------------------------------------------------------- Slack

export interface SlackState {
  readonly teamId: string;
  readonly teamName: string;
  readonly bot: { readonly userId: string; readonly botId: string; readonly appId: string; readonly name: string };
  readonly users: readonly { readonly id: string; readonly name: string; readonly persona?: string }[];
  readonly channels: readonly SlackChannel[];
  /** Oldest first within a channel. */
  readonly messages: readonly SlackMessage[];
  /** Persona id → the published home, absent until the app published one. */
  readonly homes: Readonly<Record<string, SlackView>>;
  /** Persona id → the open modals; absent when none is open. */
  readonly modals: Readonly<Record<string, SlackModals>>;
}

export interface SlackChannel {
  readonly id: string;
  readonly kind: 'channel' | 'im';
  /** Channel name without `#`; for a DM the bot's name. */
  readonly name: string;
  /** Slack user ids of the people in it (one for a DM with the bot). */
  readonly members: readonly string[];
  readonly botIsMember: boolean;
}

export interface SlackMessage {
  readonly channel: string;
  /** Slack's message id: key together with `channel`. */
  readonly ts: string;
  readonly threadTs?: string;
  /** Slack user id of the author; the bot's user id; `USLACKBOT` for what Slack itself says. */
  readonly user: string;
  /** mrkdwn */
  readonly text: string;
  /** Block Kit, as accepted. */
  readonly blocks: readonly JsonObject[];
  readonly files: readonly SlackFile[];
  /** Business time. */
  readonly at: InstantText;
  readonly edited: boolean;
  /** An ephemeral: only this Slack user sees it ("Only visible to you"). */
  readonly visibleTo?: string;
}

export interface SlackFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly mimetype: string;
  readonly size: number;
  /** Path on the playground server; add `?download` to save rather than show it. */
  readonly url: string;
}

/** A view as Slack keeps it: what the app sent, plus id and hash. */
export interface SlackView {
  readonly id: string;
  readonly hash: string;
  readonly type: 'modal' | 'home';
  readonly callback_id: string;
  readonly title?: { readonly text: string };
  readonly submit?: { readonly text: string };
  readonly close?: { readonly text: string };
  readonly blocks: readonly JsonObject[];
  readonly private_metadata: string;
  readonly notify_on_close: boolean;
  readonly clear_on_close: boolean;
  readonly root_view_id: string;
  readonly previous_view_id: string | null;
}

export interface SlackModals {
  /** Bottom first, at most three; the last one is shown. */
  readonly views: readonly SlackView[];
  /** block_id → message, of the last refused submission of the top view. */
  readonly errors: Readonly<Record<string, string>>;
  /** True from submit until the app's answer. */
  readonly busy: boolean;
  /** What Slack says when the app failed ("We had some trouble connecting. Try again?"). */
  readonly problem: string | null;
}

/** Where an element stands. */
export type SlackSource =
  | { readonly in: 'message'; readonly channel: string; readonly ts: string }
  | { readonly in: 'view'; readonly viewId: string };

/** block_id → action_id → value in Slack's own shape: `{type:'plain_text_input', value}`, `{type:'static_select', selected_option}` … */
export type SlackStateValues = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

// ---------------------------------------------------------------------------------------------- Teams

export interface TeamsState {
  readonly tenantId: string;
  readonly tenantName: string;
  readonly bot: { readonly id: string; readonly name: string };
  readonly users: readonly { readonly id: string; readonly name: string; readonly persona?: string }[];
  readonly chats: readonly TeamsChat[];
  /** Oldest first within a chat. */
  readonly activities: readonly TeamsActivity[];
  /** Persona id → the open dialog; absent when none is open. */
  readonly dialogs: Readonly<Record<string, TeamsDialog>>;
}

export interface TeamsChat {
  readonly id: string;
  readonly kind: 'personal' | 'channel';
  readonly name: string;
  /** The team a channel belongs to. */
  readonly team?: { readonly id: string; readonly name: string };
  /** Teams user ids. */
  readonly members: readonly string[];
  readonly botIsMember: boolean;
}

export interface TeamsActivity {
  readonly chat: string;
  /** Key together with `chat`. */
  readonly id: string;
  /** In a channel: the id of the post that this one answers; absent for a post. */
  readonly threadId?: string;
  /** Teams user id, or the bot's id. */
  readonly from: string;
  /** Markdown, or simple HTML when `textFormat` is `xml`. */
  readonly text: string;
  readonly textFormat: 'markdown' | 'plain' | 'xml';
  readonly attachments: readonly TeamsAttachment[];
  /** Business time. */
  readonly at: InstantText;
  readonly edited: boolean;
  /** Drawn as "This message has been deleted". */
  readonly deleted: boolean;
  /**
   * Persona id → the card that an Action.Execute answered to this person. Only that person sees it in place of
   * the first adaptive card, until the app updates the message for all.
   */
  readonly answers: Readonly<Record<string, JsonObject>>;
  /** For a file consent card: what the person decided. */
  readonly consent?: 'open' | 'accepted' | 'declined';
}

export interface TeamsAttachment {
  /**
   * `application/vnd.microsoft.card.adaptive`, `application/vnd.microsoft.teams.card.file.consent`,
   * `application/vnd.microsoft.teams.card.file.info`, `image/png` …
   */
  readonly contentType: string;
  readonly name?: string;
  readonly contentUrl?: string;
  readonly content?: JsonObject;
}

export interface TeamsDialog {
  readonly title: string;
  readonly height: number | 'small' | 'medium' | 'large';
  readonly width: number | 'small' | 'medium' | 'large';
  readonly card: JsonObject;
  /** Grows with every card shown, so that an equal card is drawn anew. */
  readonly turn: number;
  /** True from submit until the app's answer. */
  readonly busy: boolean;
  /** What Teams says when the app failed. */
  readonly problem: string | null;
}

// ---------------------------------------------------------------------------------------------- events

/** SSE `event:` name → its `data`. */
export interface Events {
  snapshot: Snapshot;
  product: ProductState;
  /** Insert, or replace the one with equal `channel` and `ts`. */
  'slack.message': SlackMessage;
  'slack.message_deleted': { readonly channel: string; readonly ts: string };
  /** Insert, or replace by `id`. */
  'slack.channel': SlackChannel;
  'slack.home': { readonly persona: string; readonly view: SlackView };
  /** Null: all modals of this persona are closed. */
  'slack.modals': { readonly persona: string; readonly modals: SlackModals | null };
  /** Insert, or replace the one with equal `chat` and `id`. */
  'teams.activity': TeamsActivity;
  'teams.chat': TeamsChat;
  /** Null: closed. */
  'teams.dialog': { readonly persona: string; readonly dialog: TeamsDialog | null };
  /** A short notice over the pane, gone after some seconds; it is not kept. */
  notice: {
    readonly persona: string;
    readonly platform: 'slack' | 'teams';
    readonly tone: 'info' | 'error';
    readonly text: string;
  };
  mail: Mail;
  clock: ClockState;
  faults: Faults;
  /** Insert, or replace by `id`: an entry comes when the call starts and again when it ends. */
  traffic: TrafficEntry;
  /** Forget all entries. */
  traffic_cleared: Record<string, never>;
  unread: { readonly persona: string; readonly place: string; readonly count: number };
  tour: TourState;
}
export type EventName = keyof Events;
export const eventNames = [
  'snapshot',
  'product',
  'slack.message',
  'slack.message_deleted',
  'slack.channel',
  'slack.home',
  'slack.modals',
  'teams.activity',
  'teams.chat',
  'teams.dialog',
  'notice',
  'mail',
  'clock',
  'faults',
  'traffic',
  'traffic_cleared',
  'unread',
  'tour',
] as const satisfies readonly EventName[];

// ---------------------------------------------------------------------------------------------- endpoints

/** `error` is a sentence for the person at the page. */
export type Answer<T = object> = ({ readonly ok: true } & T) | { readonly ok: false; readonly error: string };

interface By {
  /** Persona id. */
  readonly persona: string;
}

/** POST path → body and answer. */
export interface Endpoints {
  /** A slash command typed in a channel or DM, `text` without the command word. */
  '/api/slack/command': {
    body: By & { readonly channel: string; readonly command: string; readonly text: string };
    answer: Answer;
  };
  /** An ordinary message; in the DM with the bot it reaches the app. A leading `/` is refused: send a command. */
  '/api/slack/message': {
    body: By & { readonly channel: string; readonly text: string; readonly threadTs?: string };
    answer: Answer;
  };
  /**
   * A click or choice in an element with an action_id. `action` is the element's part in Slack's own shape:
   * `{type:'button', value}`, `{type:'overflow', selected_option}`, `{type:'static_select', selected_option}`,
   * `{type:'datepicker', selected_date}` … A `url` button also opens its link in the page.
   */
  '/api/slack/action': {
    body: By & {
      readonly source: SlackSource;
      readonly blockId: string;
      readonly actionId: string;
      readonly action: JsonObject;
      /** What all inputs of that message or view hold at this moment. */
      readonly state: SlackStateValues;
    };
    answer: Answer;
  };
  /** Typing in an external select. The page debounces (about 250 ms) and drops stale answers. */
  '/api/slack/options': {
    body: By & {
      readonly source: SlackSource;
      readonly blockId: string;
      readonly actionId: string;
      readonly value: string;
    };
    answer: Answer<{
      readonly options?: readonly JsonObject[];
      readonly option_groups?: readonly { readonly label: JsonObject; readonly options: readonly JsonObject[] }[];
    }>;
  };
  /** Submit the top modal. Empty required inputs are refused here as Slack does: `slack.modals` with errors. */
  '/api/slack/view/submit': {
    body: By & { readonly viewId: string; readonly state: SlackStateValues };
    answer: Answer;
  };
  /** `all: false` is Cancel or back (the top view goes), `all: true` the cross (all views go). */
  '/api/slack/view/close': { body: By & { readonly viewId: string; readonly all: boolean }; answer: Answer };
  /** The person opens the app's home tab. */
  '/api/slack/home': { body: By; answer: Answer };
  '/api/slack/read': { body: By & { readonly channel: string }; answer: Answer };

  /** A message; in a channel it reaches the app only with `mention: true` ("@Seatwise" is then put in front). */
  '/api/teams/message': {
    body: By & {
      readonly chat: string;
      readonly text: string;
      readonly mention?: boolean;
      /** In a channel: the post to answer. */
      readonly threadId?: string;
      /** Ids of uploads that go along; only in the private chat. */
      readonly files?: readonly string[];
    };
    answer: Answer;
  };
  /** Action.Execute of a card in a message; `data` is the action's data with the inputs merged in. */
  '/api/teams/execute': {
    body: By & {
      readonly chat: string;
      readonly activityId: string;
      readonly verb: string;
      readonly data: JsonObject;
    };
    answer: Answer;
  };
  /** Action.Submit of a card in a message; `data.msteams.type: 'task/fetch'` opens a dialog. */
  '/api/teams/submit': {
    body: By & { readonly chat: string; readonly activityId: string; readonly data: JsonObject };
    answer: Answer;
  };
  /** Action.Submit inside the open dialog. */
  '/api/teams/dialog/submit': { body: By & { readonly data: JsonObject }; answer: Answer };
  '/api/teams/dialog/close': { body: By; answer: Answer };
  /** Typing in a filtered choice set with `choices.data`. The page debounces and drops stale answers. */
  '/api/teams/search': {
    body: By & {
      readonly source:
        { readonly in: 'message'; readonly chat: string; readonly activityId: string } | { readonly in: 'dialog' };
      readonly dataset: string;
      readonly queryText: string;
      readonly skip?: number;
      readonly top?: number;
    };
    answer: Answer<{ readonly results: readonly { readonly title: string; readonly value: string }[] }>;
  };
  '/api/teams/file': {
    body: By & { readonly chat: string; readonly activityId: string; readonly decision: 'accept' | 'decline' };
    answer: Answer;
  };
  '/api/teams/read': { body: By & { readonly chat: string }; answer: Answer };

  '/api/mail/read': { body: By; answer: Answer };
  /** Only forward; ends when the app has caught up. */
  '/api/clock': {
    body:
      | { readonly by: 'minutes'; readonly minutes: number }
      | { readonly by: 'instant'; readonly instant: InstantText }
      | { readonly by: 'next_due' };
    answer: Answer<{ readonly now: InstantText }>;
  };
  /** Only the named switches change. */
  '/api/faults': { body: Partial<Faults>; answer: Answer };
  /** Whole new tour state; `{done: [], dismissed: false}` starts it over. */
  '/api/tour': { body: TourState; answer: Answer };
  '/api/traffic/clear': { body: Record<string, never>; answer: Answer };
}
export type EndpointPath = keyof Endpoints;
