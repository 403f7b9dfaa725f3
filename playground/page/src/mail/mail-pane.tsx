import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Mail } from '../../../protocol.ts';
import { useApp } from '../state/app-context.ts';
import { businessNow, clockTime, dayHeading, zoneOf } from '../state/business-time.ts';
import { post } from '../state/post.ts';
import { Avatar } from '../ui/avatar.tsx';
import { BackIcon, MailIcon } from '../ui/icons.tsx';
import { roveFocus } from '../ui/popup.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { MailFrame } from './mail-frame.tsx';

type Whose = 'mine' | 'all';
type Form = 'html' | 'text';

const MailView = ({ mail, onBack }: { mail: Mail; onBack: () => void }): JSX.Element => {
  const { persona } = useApp();
  const [form, setForm] = useState<Form>('html');
  const at = new Date(mail.at);
  return (
    <article class="mail-view" aria-label={mail.subject}>
      <header>
        <button type="button" class="icon-button only-phone" aria-label="Back to the list" onClick={onBack}>
          <BackIcon />
        </button>
        <div class="mail-head">
          <h2>{mail.subject}</h2>
          <small>
            to <b>{mail.to}</b> ·{' '}
            {new Intl.DateTimeFormat('en-US', {
              timeZone: zoneOf(persona),
              dateStyle: 'medium',
              timeStyle: 'short',
            }).format(at)}
          </small>
        </div>
        <Tabs
          label="Form of the mail"
          small
          current={form}
          tabs={[
            { id: 'html', label: 'Design' },
            { id: 'text', label: 'Text' },
          ]}
          onChoose={setForm}
        />
      </header>
      {form === 'html' ? (
        <MailFrame key={mail.id} html={mail.html} title={`Mail: ${mail.subject}`} />
      ) : (
        <pre class="mail-text" tabIndex={0}>
          {mail.text}
        </pre>
      )}
    </article>
  );
};

/** The mailbox: what the app mailed to the acting person, or to anyone. */
export const MailPane = (): JSX.Element => {
  const { world, persona, route, go } = useApp();
  const [whose, setWhose] = useState<Whose>('mine');
  const mine = world.mails.filter((mail) => mail.to.toLowerCase() === persona.email.toLowerCase());
  const shown = (whose === 'mine' ? mine : world.mails).toReversed();
  const chosen = shown.find((mail) => mail.id === route.place);
  // On a wide page something is always open; on a phone the list comes first.
  const open = chosen ?? (route.place === 'bot' ? shown[0] : undefined);
  const unread = world.unread[persona.id]?.['mail'] ?? 0;
  useEffect(() => {
    if (unread > 0) void post('/api/mail/read', { persona: persona.id });
  }, [unread, persona.id]);

  const zone = zoneOf(persona);
  const now = businessNow(world.clock);
  return (
    <section class={`stage mail${chosen ? ' mail-open' : ''}`} aria-label="Mail">
      <nav
        class="mail-list"
        aria-label="Mails"
        onKeyDown={(event) => void roveFocus(event, event.currentTarget, '.mail-entry')}
      >
        <header>
          <h2>Mailbox</h2>
          <Tabs
            label="Whose mails"
            small
            current={whose}
            tabs={[
              { id: 'mine', label: persona.name.split(' ')[0] ?? 'Mine', count: 0 },
              { id: 'all', label: 'Everyone' },
            ]}
            onChoose={setWhose}
          />
        </header>
        {shown.map((mail) => (
          <button
            key={mail.id}
            type="button"
            class="mail-entry"
            aria-current={mail.id === open?.id ? 'true' : undefined}
            onClick={() => go({ place: mail.id })}
          >
            <Avatar name="Seatwise" bot size={32} />
            <span class="mail-entry-main">
              <span class="mail-entry-top">
                <b>Seatwise</b>
                <time dateTime={mail.at}>
                  {dayHeading(new Date(mail.at), now, zone) === 'Today'
                    ? clockTime(new Date(mail.at), zone)
                    : new Intl.DateTimeFormat('en-US', { timeZone: zone, month: 'short', day: 'numeric' }).format(
                        new Date(mail.at),
                      )}
                </time>
              </span>
              <span class="mail-entry-subject">{mail.subject}</span>
              <small>to {mail.to}</small>
            </span>
          </button>
        ))}
      </nav>
      {open ? (
        <MailView mail={open} onBack={() => go({ place: 'bot' })} />
      ) : (
        <div class="mail-view empty">
          <MailIcon />
          <h3>No mail yet</h3>
          <p>
            {whose === 'mine'
              ? `Decisions on reports, new licences and other notices to ${persona.email} appear here.`
              : 'What the app mails to anyone appears here; nothing leaves this machine.'}
          </p>
        </div>
      )}
    </section>
  );
};
