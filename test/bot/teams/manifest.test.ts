import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { features } from '../../../src/bot/features/index.ts';
import { createRegistry } from '../../../src/bot/registry.ts';

const command = z.strictObject({ title: z.string().min(1).max(32), description: z.string().min(1).max(128) });
/** The part of Microsoft's schema that we fill in, with its limits. */
const manifest = z
  .looseObject({
    name: z.strictObject({ short: z.string().max(30), full: z.string().max(100) }),
    description: z.strictObject({ short: z.string().max(80), full: z.string().max(4000) }),
    icons: z.strictObject({ color: z.string(), outline: z.string() }),
    bots: z.tuple([
      z.looseObject({
        scopes: z.array(z.enum(['personal', 'team', 'groupChat'])),
        supportsFiles: z.literal(true),
        isNotificationOnly: z.literal(false),
        commandLists: z
          .array(z.strictObject({ scopes: z.array(z.string()), commands: z.array(command).min(1).max(10) }))
          .max(3),
      }),
    ]),
  })
  .parse(JSON.parse(readFileSync('manifest/teams.json', 'utf8')));
const [bot] = manifest.bots;

/** Width and height as a PNG's head tells them. */
const pngSize = (file: string): readonly [number, number] => {
  const bytes = readFileSync(`manifest/${file}`);
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
};

describe('what Teams is told of the app', () => {
  const { commands } = createRegistry(features);

  test('offers, wherever the bot can be spoken to, commands of the one table in its words', () => {
    expect(bot.commandLists.flatMap(({ scopes }) => scopes).toSorted()).toEqual([...bot.scopes].toSorted());
    for (const { commands: listed } of bot.commandLists) {
      for (const { title, description } of listed) {
        const known = commands.find(({ words }) => words === title);
        expect(known, title).toBeDefined();
        expect(description).toBe(known!.does);
      }
    }
  });

  test('lists no command twice', () => {
    for (const { commands: listed } of bot.commandLists) {
      const titles = listed.map(({ title }) => title);
      expect(new Set(titles).size).toBe(titles.length);
    }
  });

  test('has icons of the sizes that Teams takes', () => {
    expect(pngSize(manifest.icons.color)).toEqual([192, 192]);
    expect(pngSize(manifest.icons.outline)).toEqual([32, 32]);
  });
});
