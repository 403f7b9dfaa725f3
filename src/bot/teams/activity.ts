import { z } from 'zod';

/**
 * What Teams delivers, as far as we read it. Everything else of an activity passes through to the SDK, which checks
 * nothing and would fail on a hole: so no activity reaches it that does not fit here.
 */

const id = z.string().min(1).max(1000);
const named = z.looseObject({ id, name: z.string().nullish() });

const entity = z.union([
  z.looseObject({ type: z.literal('mention'), mentioned: z.looseObject({ id }), text: z.string().nullish() }),
  z.looseObject({ type: z.string().refine((type) => type !== 'mention') }),
]);

const envelope = {
  id,
  channelId: z.literal('msteams'),
  serviceUrl: z.string().max(2000),
  from: z.looseObject({ id }),
  recipient: z.looseObject({ id }),
  conversation: z.looseObject({
    id,
    conversationType: z.string().nullish(),
    tenantId: z.string().nullish(),
    name: z.string().nullish(),
  }),
  channelData: z
    .looseObject({
      tenant: z.looseObject({ id }).nullish(),
      team: named.nullish(),
      channel: named.nullish(),
    })
    .nullish(),
  entities: z.array(entity).nullish(),
  replyToId: z.string().nullish(),
};

export const message = z.looseObject({
  ...envelope,
  type: z.literal('message'),
  text: z.string().max(100_000).nullish(),
  /** Files among them; what else Teams attaches (its own HTML of the text) is none of ours. */
  attachments: z.array(z.unknown()).nullish().catch(null),
});

const invoke = <N extends string, V extends z.ZodType>(name: N, value: V) =>
  z.looseObject({ ...envelope, type: z.literal('invoke'), name: z.literal(name), value });

export const cardAction = invoke(
  'adaptiveCard/action',
  z.looseObject({ action: z.looseObject({ verb: z.string().nullish(), data: z.unknown().optional() }) }),
);
export const dialogOpen = invoke('task/fetch', z.looseObject({ data: z.unknown().optional() }));
export const dialogSubmit = invoke('task/submit', z.looseObject({ data: z.unknown().optional() }));
export const cardSearch = invoke(
  'application/search',
  z.looseObject({ queryText: z.string().nullish(), dataset: z.string().nullish() }),
);
export const fileConsent = invoke(
  'fileConsent/invoke',
  z.looseObject({
    action: z.enum(['accept', 'decline']),
    context: z.unknown().optional(),
    uploadInfo: z
      .looseObject({
        uploadUrl: z.string(),
        contentUrl: z.string().nullish(),
        name: z.string().nullish(),
        uniqueId: z.string().nullish(),
        fileType: z.string().nullish(),
      })
      .nullish(),
  }),
);

const knownInvokes = ['adaptiveCard/action', 'task/fetch', 'task/submit', 'application/search', 'fileConsent/invoke'];

const otherInvoke = z.looseObject({
  ...envelope,
  type: z.literal('invoke'),
  name: z.string().refine((name) => !knownInvokes.includes(name)),
  value: z.looseObject({}).default({}),
});

/** Installations, arrivals and the rest: they may come without an id of their own. */
const other = z.looseObject({
  ...envelope,
  id: id.nullish(),
  type: z.string().refine((type) => type !== 'message' && type !== 'invoke'),
});

const anyActivity = z.union([
  message,
  cardAction,
  dialogOpen,
  dialogSubmit,
  cardSearch,
  fileConsent,
  otherInvoke,
  other,
]);

export type Activity = z.output<typeof anyActivity>;
export type MessageActivity = z.output<typeof message>;
export type CardAction = z.output<typeof cardAction>;
export type DialogOpen = z.output<typeof dialogOpen>;
export type DialogSubmit = z.output<typeof dialogSubmit>;
export type CardSearch = z.output<typeof cardSearch>;
export type FileConsent = z.output<typeof fileConsent>;

/** Null: not an activity that we could answer. */
export const parseActivity = (raw: Buffer): Activity | null => {
  let body: unknown;
  try {
    body = JSON.parse(raw.toString('utf8'));
  } catch {
    return null;
  }
  const parsed = anyActivity.safeParse(body);
  return parsed.success ? parsed.data : null;
};

export const tenantOf = ({ channelData, conversation }: Activity): string | undefined =>
  channelData?.tenant?.id ?? conversation.tenantId ?? undefined;

export const isPersonal = ({ conversation }: Activity): boolean =>
  (conversation.conversationType ?? 'personal') === 'personal';

const sentFile = z.looseObject({
  contentType: z.literal('application/vnd.microsoft.teams.file.download.info'),
  name: z.string().min(1).max(400),
  content: z.looseObject({ downloadUrl: z.string().max(4000) }),
});

/** The files that a person sent along, in the order he did. Teams gives them in personal chats only. */
export const sentFiles = ({
  attachments,
}: MessageActivity): readonly { readonly name: string; readonly url: string }[] =>
  (attachments ?? []).flatMap((attachment) => {
    const parsed = sentFile.safeParse(attachment);
    return parsed.success ? [{ name: parsed.data.name, url: parsed.data.content.downloadUrl }] : [];
  });

/** A channel's id without the thread that was written in. */
export const withoutThread = (conversationId: string): string => conversationId.split(';')[0] ?? conversationId;

/**
 * The command in a message: our own mention and the optional word `lmp` taken off. Teams puts hard spaces behind a
 * mention, and in some clients writes them as HTML.
 */
export const commandText = ({ text, entities, recipient }: MessageActivity): string => {
  let line = text ?? '';
  for (const mention of entities ?? []) {
    const of = mention as {
      readonly type: string;
      readonly mentioned?: { readonly id: string };
      readonly text?: string;
    };
    if (of.type === 'mention' && of.mentioned?.id === recipient.id && of.text) line = line.replace(of.text, ' ');
  }
  return line
    .replace(/&nbsp;|\s/gi, ' ')
    .trim()
    .replace(/^\/?lmp(?=\s|$)/i, '')
    .trim();
};
