import type { JSX } from 'preact';
import { memo } from 'preact/compat';
import { useState } from 'preact/hooks';
import type { JsonObject, TeamsActivity, TeamsAttachment } from '../../../protocol.ts';
import { useApp } from '../state/app-context.ts';
import { clockTime, zoneOf } from '../state/business-time.ts';
import { post } from '../state/post.ts';
import { Avatar } from '../ui/avatar.tsx';
import { FileCard } from '../ui/file-card.tsx';
import { JsonView } from '../ui/json-view.tsx';
import { Card } from './card.tsx';
import type { CardDoors } from './card.tsx';
import { FileConsent } from './file-consent.tsx';
import { TeamsText } from './text.tsx';

const adaptive = 'application/vnd.microsoft.card.adaptive';
const consent = 'application/vnd.microsoft.teams.card.file.consent';
const fileInfo = 'application/vnd.microsoft.teams.card.file.info';

const useMessageDoors = (activity: TeamsActivity): CardDoors => {
  const { persona, say } = useApp();
  const by = { persona: persona.id, chat: activity.chat, activityId: activity.id };
  const told = (answer: { ok: boolean; error?: string }): void => {
    if (!answer.ok) say(answer.error ?? 'It did not work.', 'error');
  };
  return {
    execute: async (verb, data) => told(await post('/api/teams/execute', { ...by, verb, data })),
    submit: async (data) => told(await post('/api/teams/submit', { ...by, data })),
    search: async (dataset, queryText) => {
      const answer = await post('/api/teams/search', {
        persona: persona.id,
        source: { in: 'message', chat: activity.chat, activityId: activity.id },
        dataset,
        queryText,
      });
      if (!answer.ok) throw new Error(answer.error);
      return answer.results;
    },
  };
};

const Attachment = ({
  activity,
  attachment,
  card,
}: {
  activity: TeamsActivity;
  attachment: TeamsAttachment;
  card: JsonObject | undefined;
}): JSX.Element => {
  const doors = useMessageDoors(activity);
  if (attachment.contentType === adaptive) return <Card payload={card ?? attachment.content ?? {}} doors={doors} />;
  if (attachment.contentType === consent) return <FileConsent activity={activity} attachment={attachment} />;
  if (attachment.contentType.startsWith('image/'))
    return (
      <a class="file-picture" href={attachment.contentUrl} target="_blank" rel="noreferrer">
        <img src={attachment.contentUrl} alt={attachment.name ?? 'Picture'} />
      </a>
    );
  if (attachment.contentUrl && (attachment.contentType === fileInfo || attachment.name))
    return <FileCard name={attachment.name ?? 'file'} url={attachment.contentUrl} />;
  return (
    <div class="teams-card unknown">
      The playground does not draw <code>{attachment.contentType}</code>.
      <JsonView value={attachment} />
    </div>
  );
};

/** One message of a chat, a channel post, or a reply. */
export const Activity = memo(
  ({ activity, inChannel = false }: { activity: TeamsActivity; inChannel?: boolean }): JSX.Element => {
    const { world, persona } = useApp();
    const [json, setJson] = useState(false);
    const { bot, users } = world.teams;
    const isBot = activity.from === bot.id || !users.some((user) => user.id === activity.from);
    const name = isBot ? bot.name : (users.find((user) => user.id === activity.from)?.name ?? activity.from);
    // One's own lines stand at the right in a chat; in a channel everyone's stand alike.
    const mine = !inChannel && activity.from === persona.teamsUserId;
    const firstCard = activity.attachments.findIndex((one) => one.contentType === adaptive);
    const answer = activity.answers[persona.id];
    return (
      <article
        class={`teams-message${mine ? ' mine' : ''}`}
        aria-label={`Message from ${name}`}
        data-activity={activity.id}
      >
        {!mine && <Avatar name={name} bot={isBot} size={32} round />}
        <div class="teams-message-main">
          <div class="teams-meta">
            {!mine && <span class="author">{name}</span>}
            <time dateTime={activity.at}>{clockTime(new Date(activity.at), zoneOf(persona))}</time>
            {activity.edited && !activity.deleted && <span>Edited</span>}
          </div>
          {activity.deleted ? (
            <p class="deleted">This message has been deleted.</p>
          ) : (
            <>
              {activity.text !== '' && (
                <div class="bubble">
                  <TeamsText text={activity.text} format={activity.textFormat} bot={bot.name} />
                </div>
              )}
              {activity.attachments.map((attachment, index) => (
                <Attachment
                  key={index}
                  activity={activity}
                  attachment={attachment}
                  card={index === firstCard ? answer : undefined}
                />
              ))}
            </>
          )}
          {json && (
            <JsonView
              value={{ text: activity.text, attachments: activity.attachments, ...(answer && { answered: answer }) }}
            />
          )}
        </div>
        <div class="message-tools">
          <button
            type="button"
            aria-label="Show JSON of this message"
            title="Show JSON"
            aria-pressed={json}
            onClick={() => setJson(!json)}
          >
            {'{ }'}
          </button>
        </div>
      </article>
    );
  },
);
