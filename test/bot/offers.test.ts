import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/bot/desk.ts';
import { features } from '../../src/bot/features/index.ts';
import { noticesOf } from '../../src/bot/offers.ts';
import { createRegistry } from '../../src/bot/registry.ts';
import { speak } from '../../src/bot/speak.ts';
import type { Button, Message } from '../../src/bot/view.ts';
import type { PersonActor } from '../../src/core/caller.ts';
import { may } from '../../src/core/permissions.ts';
import { refusalText } from '../../src/texts/refusal-text.ts';
import { notAllowed } from '../../src/core/errors.ts';
import { buttonsOf, deskOn, labelsOf } from '../support/desk-on.ts';
import { drawn } from '../support/drawn.ts';
import { scriptOf, stockCatalog } from '../support/licensing.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
const { desk, from } = deskOn(() => world);

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  const leo = scriptOf(world);
  await leo.customer('alder');
  await leo.plan('Endpoint Monthly', 'WFS');
  await leo.assign('alder', 'Endpoint Monthly');
});
afterAll(() => world?.close());

/** Those of a form's beginning as well. */
const buttonsIn = (outcome: Outcome): Button[] => {
  if (outcome.kind === 'message' || outcome.kind === 'replace') return buttonsOf(outcome.message);
  return outcome.kind === 'open' ? buttonsOf({ blocks: outcome.form.view.intro ?? [] }) : [];
};
const press = (button: Button, who: string): Promise<Outcome> | null => {
  // What changes something at once is left alone; whether it is offered rightly is seen without pressing it.
  if (button.kind === 'link' || button.decides || (button.kind === 'run' && button.confirm)) return null;
  return button.kind === 'run'
    ? desk().action(from(who), button.action, button.args)
    : desk().openForm(from(who), button.form, button.context);
};

const { commands, actions, forms, parse } = createRegistry(features);
const neededFor = (button: Button) => {
  if (button.kind === 'form') return forms.get(button.form)!.needs;
  if (button.kind === 'link') return 'see';
  if (button.action !== 'command') return actions.get(button.action)!.needs;
  const spoken = parse(button.args.text!);
  return spoken.kind === 'command' ? spoken.command.needs : 'see';
};
const kindOf = (button: Button): string =>
  button.kind === 'run'
    ? `${button.action} ${button.action === 'command' ? button.label : ''}`
    : button.kind === 'form'
      ? `form ${button.form}`
      : button.kind;
/** What stands behind the words, where they need something. */
const named: Readonly<Record<string, string>> = {
  'customer show': 'alder',
  'product show': 'WFS',
  'plan show': 'Endpoint Monthly',
  'license list': 'alder',
  transactions: 'alder',
};

describe.each([
  ['U0LEO', 'leo@brightside.example'],
  ['U0LISE', 'lise@brightside.example'],
  ['U0BOB', 'bob@brightside.example'],
  ['U0VERA', 'vera@brightside.example'],
  ['U0MIA', 'mia@northwind.example'],
  ['U0ADA', 'ada@northwind.example'],
])('%s', (who, email) => {
  test('meets no button that leads to a refused right, wherever he goes', { timeout: 120_000 }, async () => {
    const actor = (await world.as(email)).actor as PersonActor;
    const no = refusalText(notAllowed());
    const seen = new Set<string>();
    const waiting: Outcome[] = [
      await desk()
        .home(from(who))
        .then((message): Outcome => ({ kind: 'message', message })),
    ];
    for (const { words, needs } of commands) {
      const outcome = await desk().command(from(who), `${words} ${named[words] ?? ''}`);
      expect([words, outcome.kind === 'refused' && outcome.text === no]).toEqual([words, !may(actor, needs)]);
      if (may(actor, needs)) waiting.push(outcome);
    }
    for (let outcome = waiting.shift(); outcome; outcome = waiting.shift()) {
      drawn(outcome);
      expect(outcome.kind === 'refused' && outcome.text === no).toBe(false);
      for (const button of buttonsIn(outcome)) {
        expect([button.label, may(actor, neededFor(button))]).toEqual([button.label, true]);
        // One of a kind is enough: a list has the same button in every row.
        const key = kindOf(button);
        if (seen.has(key)) continue;
        seen.add(key);
        const next = await press(button, who);
        if (next) waiting.push(next);
      }
    }
    expect(seen.size).toBeGreaterThan(3);
  });
});

test('a notice offers each person what he may do', async () => {
  const message: Message = {
    title: 'News',
    blocks: [{ kind: 'buttons', buttons: [speak('Show', 'customer list'), speak('Add', 'customer add')] }],
  };
  const people = await Promise.all(
    ['leo@brightside.example', 'vera@brightside.example'].map(
      async (email) => (await world.as(email)).actor as PersonActor,
    ),
  );
  const [notice] = noticesOf([
    ...features.map((feature) => ({ ...feature, notices: [] })),
    {
      notices: [
        {
          topic: 'news',
          compose: async () => [
            ...people.map((person) => ({ to: 'person' as const, person, key: 'news', message })),
            { to: 'copies' as const, tag: 'news', key: 'news', message },
          ],
        },
      ],
    },
  ]);
  const told = await notice!.compose(null as never, {});
  expect(told.map(({ message }) => labelsOf(message))).toEqual([
    ['Show', 'Add'],
    ['Show'],
    // Copies stand where they were posted, each for who was told then.
    ['Show', 'Add'],
  ]);
});
