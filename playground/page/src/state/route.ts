import type { Persona } from '../../../protocol.ts';

export type Pane = 'slack' | 'teams' | 'mail';
export const panes: readonly Pane[] = ['slack', 'teams', 'mail'];

/** What this tab shows, kept in the address so that it can be linked: `#/slack/U0MIA/D0MIA`, `#/teams/29:jonas/bot`. */
export interface Route {
  pane: Pane;
  persona: string;
  /** A channel or chat id, `bot` for the conversation with the bot, `home` for the app's home tab. */
  place: string;
}

export const hasPane = (persona: Persona, pane: Pane): boolean =>
  pane === 'mail' || (pane === 'slack' ? persona.slackUserId : persona.teamsUserId) !== undefined;

/** The pane this person can look at, as near to the wished one as possible. */
export const nearestPane = (persona: Persona, wished: Pane): Pane =>
  hasPane(persona, wished) ? wished : (panes.find((pane) => hasPane(persona, pane)) ?? 'mail');

const userIdIn = (persona: Persona, pane: Pane): string =>
  (pane === 'slack' ? persona.slackUserId : pane === 'teams' ? persona.teamsUserId : undefined) ?? persona.id;

/** A part of the address as it was meant; one that is no valid encoding stays as it is. */
const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

export const readRoute = (hash: string, personas: readonly Persona[]): Route => {
  const [wished = '', who = '', ...rest] = hash.replace(/^#\/?/, '').split('/').map(decoded);
  const persona = personas.find((one) => [one.id, one.slackUserId, one.teamsUserId].includes(who)) ?? personas[0];
  const pane = panes.find((one) => one === wished) ?? 'slack';
  if (!persona) return { pane, persona: '', place: 'bot' };
  const shown = nearestPane(persona, pane);
  return { pane: shown, persona: persona.id, place: shown === pane && rest.length > 0 ? rest.join('/') : 'bot' };
};

export const writeRoute = (route: Route, personas: readonly Persona[]): string => {
  const persona = personas.find((one) => one.id === route.persona);
  const who = persona ? userIdIn(persona, route.pane) : route.persona;
  const place = route.pane === 'mail' && route.place === 'bot' ? '' : `/${encodeURI(route.place)}`;
  return `#/${route.pane}/${encodeURI(who)}${place}`;
};
