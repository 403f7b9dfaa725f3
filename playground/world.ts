/** The demo world as the playground needs it: personas, the two workspaces, and ids that never change. */
import { createHash } from 'node:crypto';
import { demoPartners } from '../src/demo/partners.ts';
import { demoChannels, demoPeople, demoSlack, demoTeams } from '../src/demo/people.ts';
import type { Persona, SlackChannel, SlackState, TeamsChat, TeamsState } from './protocol.ts';

export const botName = 'Seatwise';

export const slackTeam = { id: demoSlack.teamId, name: demoSlack.teamName, domain: 'licensing-guild' } as const;
export const slackBot = { userId: 'U0SEATWISE', botId: 'B0SEATWISE', appId: 'A0SEATWISE', name: botName } as const;
/** Who speaks when Slack itself has something to say. */
export const slackbotId = 'USLACKBOT';

export const teamsTenant = { id: demoTeams.tenantId, name: demoTeams.tenantName } as const;
export const teamsClientId = '5a1e0000-0000-4000-8000-0000000000b0';
export const teamsBot = { id: `28:${teamsClientId}`, name: botName } as const;
export const teamsTeam = { id: '19:licensing@thread.tacv2', name: 'Licensing' } as const;

/** A GUID that depends on the text alone: the same in every process and after every reset. */
const stableGuid = (text: string): string => {
  const hex = createHash('sha256').update(`seatwise playground:${text}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** The Entra object id of a person, which Teams sends as `from.aadObjectId`. */
export const aadObjectId = (teamsUserId: string): string => stableGuid(`aad:${teamsUserId}`);

const zones = new Map(demoPartners.map((partner) => [partner.slug, partner.timeZone]));

export const personas: readonly Persona[] = demoPeople.map((person) => ({
  id: person.email.slice(0, person.email.indexOf('@')),
  email: person.email,
  name: `${person.firstName} ${person.lastName}`,
  title: person.title,
  partner: person.partner,
  ...(zones.has(person.partner) ? { timeZone: zones.get(person.partner)! } : {}),
  roles: person.roles,
  ...(person.slackUserId ? { slackUserId: person.slackUserId } : {}),
  ...(person.teamsUserId ? { teamsUserId: person.teamsUserId, teamsAadObjectId: aadObjectId(person.teamsUserId) } : {}),
}));

/** Finds a persona by id, e-mail address, Slack user id or Teams user id. */
export const personaOf = (who: string): Persona | undefined =>
  personas.find(
    (persona) =>
      persona.id === who || persona.email === who || persona.slackUserId === who || persona.teamsUserId === who,
  );

/** The DM between a person and the bot. */
export const slackImId = (slackUserId: string): string => `D${slackUserId.slice(1)}`;
/** The personal chat between a person and the bot. */
export const teamsPersonalChatId = (teamsUserId: string): string =>
  `a:${createHash('sha256').update(teamsUserId).digest('base64url').slice(0, 32)}`;

const withSlack = personas.filter((persona) => persona.slackUserId !== undefined);
const withTeams = personas.filter((persona) => persona.teamsUserId !== undefined);

export const slackUsers: SlackState['users'] = [
  ...withSlack.map((persona) => ({ id: persona.slackUserId!, name: persona.name, persona: persona.id })),
  { id: slackBot.userId, name: slackBot.name },
  { id: slackbotId, name: 'Slackbot' },
];

export const slackChannels: readonly SlackChannel[] = [
  ...demoChannels
    .filter((channel) => channel.platform === 'slack')
    .map(({ id, name, members, botIsMember }) => ({ id, kind: 'channel' as const, name, members, botIsMember })),
  ...withSlack.map((persona) => ({
    id: slackImId(persona.slackUserId!),
    kind: 'im' as const,
    name: slackBot.name,
    members: [persona.slackUserId!],
    botIsMember: true,
  })),
];

export const teamsUsers: TeamsState['users'] = [
  ...withTeams.map((persona) => ({ id: persona.teamsUserId!, name: persona.name, persona: persona.id })),
  { id: teamsBot.id, name: teamsBot.name },
];

export const teamsChats: readonly TeamsChat[] = [
  ...demoChannels
    .filter((channel) => channel.platform === 'teams')
    .map(({ id, name, members, botIsMember }) => ({
      id,
      kind: 'channel' as const,
      name,
      team: teamsTeam,
      members,
      botIsMember,
    })),
  ...withTeams.map((persona) => ({
    id: teamsPersonalChatId(persona.teamsUserId!),
    kind: 'personal' as const,
    name: teamsBot.name,
    members: [persona.teamsUserId!],
    botIsMember: true,
  })),
];
