import type { Channel } from '../feature.ts';
import type { FileLinks, FileToSend, Sender } from '../sender.ts';
import type { Args, Message } from '../view.ts';
import { withoutThread } from './activity.ts';
import { addressArgs, readAddress, requireAddress, type Address } from './address.ts';
import type { FileConsent } from './card-data.ts';
import type { Card } from './card.ts';
import type { Connector, Post, Way } from './connector.ts';
import { messageCard } from './render.ts';
import { literal } from './text.ts';

/** What the adapter learned of a tenant from its deliveries, and the sender needs to find channels by name. */
export interface Territory {
  serviceUrlOf(tenant: string): string;
  teamsOf(tenant: string): readonly string[];
}

/** A channel's id as Teams writes it in links and deliveries. */
const channelId = /^19:[^\s/]+@thread\.\w+(;.*)?$/;

export const createTeamsSender = (connector: Connector, links: FileLinks, territory: Territory): Sender => {
  const wayTo = async (address: Address): Promise<Way> => {
    const { serviceUrl, conversation } = address;
    if (conversation !== undefined) return { serviceUrl, conversation };
    const { tenant, user } = address as Extract<Address, { kind: 'personal' }>;
    return { serviceUrl, conversation: await connector.openPrivate(serviceUrl, tenant, user) };
  };

  const sendTo = async (args: Args, post: (address: Address) => Post): Promise<{ messageId: string }> => {
    const address = requireAddress(args);
    return { messageId: await connector.send(await wayTo(address), post(address)) };
  };

  const drawn = (message: Message): Post => ({ card: messageCard(message, links) });

  const inKnownTeams = async (tenant: string, name: string): Promise<string | null> => {
    const serviceUrl = territory.serviceUrlOf(tenant);
    for (const team of territory.teamsOf(tenant)) {
      const found = (await connector.channels(serviceUrl, team)).find((each) => sameName(each.name, name));
      if (found) return found.id;
    }
    return null;
  };

  const nameOf = async (tenant: string, id: string): Promise<string> => {
    const serviceUrl = territory.serviceUrlOf(tenant);
    for (const team of territory.teamsOf(tenant)) {
      const found = (await connector.channels(serviceUrl, team)).find((each) => each.id === id);
      if (found) return found.name;
    }
    return id;
  };

  return {
    post: (args, message) => sendTo(args, () => drawn(message)),

    async update(args, messageId, message) {
      await connector.update(await wayTo(requireAddress(args)), messageId, drawn(message));
    },

    file: (args, file, comment) =>
      sendTo(args, ({ kind }) =>
        kind === 'personal' ? consentPost(file, comment) : { card: downloadCard(file, comment) },
      ),

    async privateAddress({ workspace, userId, address }) {
      const known = readAddress(address);
      if (known?.kind === 'personal' && known.conversation !== undefined) return addressArgs(known);
      const serviceUrl = known?.serviceUrl ?? territory.serviceUrlOf(workspace);
      const conversation = await connector.openPrivate(serviceUrl, workspace, userId);
      return addressArgs({ kind: 'personal', serviceUrl, tenant: workspace, user: userId, conversation });
    },

    async channelOf(workspace, channel): Promise<Channel | null> {
      const named = channel.trim();
      const id = channelId.test(named) ? withoutThread(named) : await inKnownTeams(workspace, named.replace(/^#/, ''));
      if (id === null) return null;
      const way = { serviceUrl: territory.serviceUrlOf(workspace), conversation: id };
      const botIsMember = await connector.isMember(way);
      if (botIsMember === null) return null;
      return {
        platform: 'teams',
        workspace,
        id,
        name: botIsMember ? await nameOf(workspace, id) : named,
        address: addressArgs({ kind: 'channel', tenant: workspace, ...way }),
        botIsMember,
      };
    },
  };
};

const sameName = (one: string, other: string): boolean =>
  one.localeCompare(other, undefined, { sensitivity: 'accent' }) === 0;

/** In a private chat Teams asks the person whether the file may be put into his OneDrive. */
const consentPost = (file: FileToSend, comment: string): Post => {
  const context: FileConsent = { fileId: file.fileId, name: file.name };
  return {
    summary: comment,
    attachment: {
      contentType: 'application/vnd.microsoft.teams.card.file.consent',
      name: file.name,
      content: {
        description: comment,
        sizeInBytes: file.bytes.byteLength,
        acceptContext: context,
        declineContext: context,
      },
    },
  };
};

/** Channels take no file from a bot: they get the link. */
const downloadCard = (file: FileToSend, comment: string): Card => ({
  type: 'AdaptiveCard',
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
  version: '1.5',
  fallbackText: comment,
  body: [
    { type: 'TextBlock', text: literal(comment), wrap: true },
    {
      type: 'ActionSet',
      actions: [{ type: 'Action.OpenUrl', title: `Download ${file.name}`, url: file.url }],
    },
  ],
});
