import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { features } from '../../src/bot/features/index.ts';
import { createRegistry } from '../../src/bot/registry.ts';

const address = z.literal('https://${{HOST}}/slack/events');
/** The part of Slack's schema that we fill in, with its limits. */
const manifest = z
  .object({
    display_information: z.looseObject({
      name: z.string().max(35),
      description: z.string().max(140),
      long_description: z.string().min(175).max(4000),
    }),
    features: z.object({
      app_home: z.looseObject({ home_tab_enabled: z.literal(true), messages_tab_enabled: z.literal(true) }),
      bot_user: z.looseObject({ display_name: z.string().max(80) }),
      slash_commands: z.tuple([
        z.object({
          command: z.literal('/lmp'),
          url: address,
          description: z.string().max(2000),
          usage_hint: z.string().max(1000),
          should_escape: z.literal(true),
        }),
      ]),
    }),
    oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
    settings: z.looseObject({
      event_subscriptions: z.object({ request_url: address, bot_events: z.array(z.string()) }),
      interactivity: z.object({
        is_enabled: z.literal(true),
        request_url: address,
        message_menu_options_url: address,
      }),
    }),
  })
  .parse(JSON.parse(readFileSync('manifest/slack.json', 'utf8')));

const teams = z
  .object({
    bots: z.array(
      z.object({ commandLists: z.array(z.object({ commands: z.array(z.object({ title: z.string() })) })) }),
    ),
  })
  .parse(JSON.parse(readFileSync('manifest/teams.json', 'utf8')));

/** What each method that we call, and each event that we take, asks for. */
const scopes: Readonly<Record<string, readonly string[]>> = {
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.list': ['channels:read', 'groups:read'],
  'conversations.open': ['im:write'],
  'files.info': ['files:read'],
  filesUploadV2: ['files:write'],
  'views.open': [],
  'views.push': [],
  'views.update': [],
  'views.publish': [],
  'auth.test': [],
};

describe('what the platforms are told', () => {
  const { commands } = createRegistry(features);
  const source = ['adapter.ts', 'sender.ts', 'files-in.ts']
    .map((file) => readFileSync(`src/bot/slack/${file}`, 'utf8'))
    .join('\n');

  const takesWords = source.includes("event.type === 'message'");

  test('Slack’s hint names commands of the one table', () => {
    const hinted = manifest.features.slash_commands[0].usage_hint.split(' | ');
    for (const words of hinted)
      expect(
        commands.map((command) => command.words),
        words,
      ).toContain(words);
  });

  test('both platforms hint at the same commands', () => {
    const hinted = manifest.features.slash_commands[0].usage_hint.split(' | ');
    for (const { commandLists } of teams.bots) {
      for (const { commands: listed } of commandLists) {
        for (const words of hinted)
          expect(
            listed.map(({ title }) => title),
            words,
          ).toContain(words);
      }
    }
  });

  test('Slack is asked for exactly the scopes that our calls need', () => {
    const called = [...source.matchAll(/client\.(\w+\.\w+|filesUploadV2)\(/g)].map(([, method]) => method!);
    expect(called.length).toBeGreaterThan(5);
    const needed = called.flatMap((method) => {
      expect(Object.keys(scopes), `scopes of ${method}`).toContain(method);
      return scopes[method]!;
    });
    const asked = [...needed, 'commands', ...(takesWords ? ['im:history'] : [])];
    expect(manifest.oauth_config.scopes.bot.toSorted()).toEqual([...new Set(asked)].toSorted());
  });

  test('Slack sends exactly the events that we take', () => {
    const taken = [...source.matchAll(/event\.type === '(\w+)'/g)].map(([, name]) => name);
    // Of messages, those written to the bot alone.
    const subscribed = taken.map((name) => (name === 'message' ? 'message.im' : name));
    expect(manifest.settings.event_subscriptions.bot_events).toEqual(subscribed);
  });
});
