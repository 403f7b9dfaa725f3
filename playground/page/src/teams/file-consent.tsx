import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { TeamsActivity, TeamsAttachment } from '../../../protocol.ts';
import { useApp } from '../state/app-context.ts';
import { post } from '../state/post.ts';
import { FileIcon } from '../ui/file-card.tsx';
import { CheckIcon, Spinner } from '../ui/icons.tsx';

const sizeOf = (attachment: TeamsAttachment): string => {
  const bytes = Number(attachment.content?.['sizeInBytes'] ?? 0);
  return bytes > 0 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : '';
};

/** A bot wants to put a file into someone's OneDrive: Teams asks first. */
export const FileConsent = ({
  activity,
  attachment,
}: {
  activity: TeamsActivity;
  attachment: TeamsAttachment;
}): JSX.Element => {
  const { persona, say } = useApp();
  const [deciding, setDeciding] = useState(false);
  const decide = async (decision: 'accept' | 'decline'): Promise<void> => {
    setDeciding(true);
    const answer = await post('/api/teams/file', {
      persona: persona.id,
      chat: activity.chat,
      activityId: activity.id,
      decision,
    });
    setDeciding(false);
    if (!answer.ok) say(answer.error, 'error');
  };
  const name = attachment.name ?? 'file';
  const description = attachment.content?.['description'];
  return (
    <div class="teams-card consent">
      <div class="consent-file">
        <FileIcon name={name} />
        <div>
          <b>{name}</b>
          <small>
            {[typeof description === 'string' ? description : '', sizeOf(attachment)].filter(Boolean).join(' · ')}
          </small>
        </div>
      </div>
      {activity.consent === 'accepted' ? (
        <p class="consent-done">
          <CheckIcon /> You allowed this file. It is in your OneDrive.
        </p>
      ) : activity.consent === 'declined' ? (
        <p class="consent-done">You declined this file.</p>
      ) : (
        <>
          <p>Do you allow the bot to upload this file to your OneDrive?</p>
          <div class="consent-actions">
            <button
              type="button"
              class="teams-button primary"
              disabled={deciding}
              onClick={() => void decide('accept')}
            >
              {deciding && <Spinner />} Allow
            </button>
            <button type="button" class="teams-button" disabled={deciding} onClick={() => void decide('decline')}>
              Decline
            </button>
          </div>
        </>
      )}
    </div>
  );
};
