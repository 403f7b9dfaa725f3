import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Answers, Args } from '../view.ts';

/** Seconds by which Slack's clock and ours may differ, in both directions. */
const window = 300;

/**
 * Whether Slack's signature fits the body as it came, within five minutes. Bolt checks too, but believes any
 * timestamp of the future.
 */
export const isSigned = (
  secret: string,
  signature: string | undefined,
  timestamp: string | undefined,
  raw: Buffer,
  realNowMs: number,
): boolean => {
  if (signature === undefined || timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(realNowMs / 1000 - Number(timestamp)) > window) return false;
  const expected = Buffer.from(
    `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(raw).digest('hex')}`,
  );
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
};

// ------------------------------------------------------------------------------------- what Slack sends

const id = z.string().min(1).max(255);
const responseUrl = z.url({ protocol: /^https?$/ });

const command = z.looseObject({
  command: z.string().min(1),
  text: z.string().default(''),
  team_id: id,
  user_id: id,
  channel_id: id,
  channel_name: z.string().default(''),
  trigger_id: id,
  response_url: responseUrl,
});
export type CommandPayload = z.output<typeof command>;

const option = z.looseObject({ value: z.string() });
const stateValue = z.looseObject({
  value: z.string().nullish(),
  selected_date: z.string().nullish(),
  selected_option: option.nullish(),
  selected_options: z.array(option).nullish(),
  files: z.array(z.looseObject({ id })).nullish(),
});
const view = z.looseObject({
  id,
  hash: z.string().optional(),
  type: z.string(),
  callback_id: z.string().default(''),
  private_metadata: z.string().default(''),
  blocks: z.array(z.looseObject({ type: z.string(), block_id: z.string().optional() })).default([]),
  state: z.looseObject({ values: z.record(z.string(), z.record(z.string(), stateValue)) }).optional(),
});
export type ViewPayload = z.output<typeof view>;

const team = z.looseObject({ id });
const user = z.looseObject({ id });

const actions = z.looseObject({
  type: z.literal('block_actions'),
  team,
  user,
  trigger_id: id,
  response_url: responseUrl.optional(),
  channel: z.looseObject({ id, name: z.string().default('') }).optional(),
  container: z.looseObject({
    type: z.string(),
    message_ts: z.string().optional(),
    is_ephemeral: z.boolean().default(false),
  }),
  view: view.optional(),
  actions: z.array(z.looseObject({ action_id: z.string(), type: z.string(), value: z.string().optional() })).min(1),
});
export type ActionsPayload = z.output<typeof actions>;

const submission = z.looseObject({
  type: z.literal('view_submission'),
  team,
  user,
  trigger_id: id.optional(),
  view,
});
export type SubmissionPayload = z.output<typeof submission>;

const suggestion = z.looseObject({
  type: z.literal('block_suggestion'),
  team,
  user,
  action_id: id,
  value: z.string().default(''),
});
export type SuggestionPayload = z.output<typeof suggestion>;

const closed = z.looseObject({ type: z.literal('view_closed'), team, user, view });
const interaction = z.discriminatedUnion('type', [actions, submission, suggestion, closed]);

const eventCallback = z.looseObject({
  type: z.literal('event_callback'),
  team_id: id,
  event_id: id,
  event: z.looseObject({
    type: id,
    user: z.string().optional(),
    tab: z.string().optional(),
    /** Of a message: where it was written, and by what if not by a person. */
    channel_type: z.string().optional(),
    text: z.string().optional(),
    subtype: z.string().optional(),
    bot_id: z.string().optional(),
    /** With a message that a person sent a file with. */
    files: z
      .array(z.looseObject({ id, name: z.string().nullish() }))
      .nullish()
      .catch(null),
  }),
});
export type EventPayload = z.output<typeof eventCallback>;

const challenge = z.looseObject({ type: z.literal('url_verification'), challenge: z.string() });

/** A delivery that Bolt may see: of a kind that we serve, with everything we read from it. */
export type Recognized =
  | { readonly kind: 'command'; readonly body: CommandPayload }
  | { readonly kind: 'actions'; readonly body: ActionsPayload }
  | { readonly kind: 'submission'; readonly body: SubmissionPayload }
  | { readonly kind: 'suggestion'; readonly body: SuggestionPayload }
  | { readonly kind: 'closed' }
  | { readonly kind: 'event'; readonly body: EventPayload }
  | { readonly kind: 'challenge' }
  /** Well-formed, and of no concern to us: answered 200. */
  | { readonly kind: 'other' };

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const kinds = {
  block_actions: 'actions',
  view_submission: 'submission',
  block_suggestion: 'suggestion',
  view_closed: 'closed',
} as const;

const recognizeForm = (text: string): Recognized | null => {
  const form = new URLSearchParams(text);
  if (form.get('ssl_check') === '1') return { kind: 'other' };
  const payload = form.get('payload');
  if (payload === null) {
    const parsed = command.safeParse(Object.fromEntries(form));
    return parsed.success ? { kind: 'command', body: parsed.data } : null;
  }
  // Twice the same name would be read by Bolt as a list.
  if (form.getAll('payload').length > 1) return null;
  const raw = json(payload);
  const parsed = interaction.safeParse(raw);
  if (parsed.success) return { kind: kinds[parsed.data.type], body: parsed.data } as Recognized;
  const known = z.looseObject({ type: z.string(), team, user }).safeParse(raw);
  return known.success && !Object.hasOwn(kinds, known.data.type) ? { kind: 'other' } : null;
};

const recognizeJson = (text: string): Recognized | null => {
  const raw = json(text);
  if (challenge.safeParse(raw).success) return { kind: 'challenge' };
  const parsed = eventCallback.safeParse(raw);
  return parsed.success ? { kind: 'event', body: parsed.data } : null;
};

/** Null: nonsense, however well it is signed. Bolt dies of a signed `null`, so nothing passes that was not read here. */
export const recognize = (contentType: 'form' | 'json', raw: Buffer): Recognized | null => {
  const text = raw.toString('utf8');
  return contentType === 'form' ? recognizeForm(text) : recognizeJson(text);
};

// ------------------------------------------------------------------------------------- what we read from it

/** A command's words as they were typed: Slack escapes three characters and wraps addresses. Channels stay `<#C…|name>`. */
export const typedText = (text: string): string =>
  text
    // Slack escapes what people type, so no other `<` stands in between; without that, each one is searched to the end.
    .replaceAll(/<(?:mailto:|https?:\/\/)[^|<>]*\|([^<>]*)>/g, '$1')
    .replaceAll(/<(https?:\/\/[^|<>]*)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** Arguments of a button as we gave them; null: not ours, or of an older make. */
export const argsOf = (value: string | undefined): Args | null => {
  if (value === undefined || value === '') return {};
  const parsed = z.record(z.string(), z.string()).safeParse(json(value));
  return parsed.success ? parsed.data : null;
};

/** `run:page#2` → `run`, `page`. */
export const actionOf = (actionId: string): { readonly verb: string; readonly name: string } => {
  const [, verb = '', name = ''] = /^([a-z]+)(?::(.*?))?(?:#\d+)?$/s.exec(actionId) ?? [];
  return { verb, name };
};

/** What was typed into a view, by field name: the block's id is the field, the element's id says its kind. */
export const answersOf = ({ state }: ViewPayload): Answers => {
  const answers: Record<string, string | readonly string[]> = {};
  for (const [field, elements] of Object.entries(state?.values ?? {})) {
    for (const [actionId, element] of Object.entries(elements)) {
      if (actionId === 'toggle') answers[field] = String((element.selected_options ?? []).length > 0);
      else if (actionId === 'multi') answers[field] = (element.selected_options ?? []).map(({ value }) => value);
      else {
        const answer =
          element.value ?? element.selected_date ?? element.selected_option?.value ?? element.files?.[0]?.id;
        if (answer) answers[field] = answer;
      }
    }
  }
  return answers;
};
