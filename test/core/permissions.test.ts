import { describe, expect, test } from 'vitest';
import { helpMessage } from '../../src/bot/features/help.ts';
import { features } from '../../src/bot/features/index.ts';
import { createOffers } from '../../src/bot/offers.ts';
import { createRegistry } from '../../src/bot/registry.ts';
import { speak } from '../../src/bot/speak.ts';
import type { Button } from '../../src/bot/view.ts';
import { roles, type PersonActor, type Role, type Tier } from '../../src/core/caller.ts';
import { Refusal } from '../../src/core/errors.ts';
import { may, type Permission } from '../../src/core/permissions.ts';
import { createExecute, type Host } from '../../src/core/use-case.ts';
import { useCases } from '../../src/core/use-cases.ts';

/**
 * Who may do what, as it was agreed with the partners, by hand: columns are Tier 1 admin, licensing, billing, viewer,
 * then the same of Tier 2. Whatever begins with a verb that stands here is of its row; the longest that fits counts.
 */
const agreed: readonly (readonly [marks: string, verbs: readonly string[]])[] = [
  [
    '● ● ● ● ● ● ● ●',
    [
      'help',
      'home',
      'dashboard',
      'transactions',
      'transaction show',
      'customer list',
      'customer show',
      'product list',
      'product show',
      'plan list',
      'plan show',
      'license list',
      'license show',
      'license credits',
      'license history',
      'usage show',
      'crossgrade list',
      'crossgrade show',
      'suite list',
      'suite show',
      'suite customers',
      'suite progress',
    ],
  ],
  [
    '● ● · · ● ● · ·',
    [
      'customer add',
      'customer check',
      'customer edit',
      'customer suspend',
      'customer resume',
      'customer import',
      'plan create',
      'plan approve',
      'plan edit',
      'plan preview',
      'plan choices',
      'assign',
      'crossgrade',
      'license seats',
      'license convert',
      'license renew',
      'license suspend',
      'license resume',
      'license remove',
      'license activate',
      'license choices',
      'suite approve',
      'suite accept',
    ],
  ],
  ['● · ● · ● · ● ·', ['usage import', 'report list', 'report show', 'billing']],
  ['· · · · ● · ● ·', ['report edit', 'report submit']],
  [
    '● · ● · · · · ·',
    ['report review', 'report mark', 'report send', 'report complete', 'report return', 'report reopen'],
  ],
  [
    '● · · · ● · · ·',
    ['digest add', 'digest list', 'digest pause', 'digest resume', 'digest remove', 'digest send', 'audit verify'],
  ],
];

/** Rights without a verb of their own. */
const rights: Readonly<Record<Exclude<Permission, never>, string>> = {
  see: '● ● ● ● ● ● ● ●',
  license: '● ● · · ● ● · ·',
  import_usage: '● · ● · ● · ● ·',
  report: '· · · · ● · ● ·',
  decide: '● · ● · · · · ·',
  see_reports: '● · ● · ● · ● ·',
  see_billing: '● · ● · ● · ● ·',
  see_prices: '● · ● · ● · ● ·',
  export: '● ● ● ● ● ● ● ●',
  export_billing: '● · ● · ● · ● ·',
  administer: '● · · · ● · · ·',
  distribute: '● · · · · · · ·',
  audit: '● · · · ● · · ·',
};

const columns = (['tier_1', 'tier_2'] as const).flatMap((tier) => roles.map((role) => `${tier} ${role}`));
const isMarked = (marks: string, tier: Tier, held: readonly Role[]): boolean =>
  held.some((role) => marks.split(' ')[columns.indexOf(`${tier} ${role}`)] === '●');

const marksOf = (words: string): string => {
  const [longest] = agreed
    .flatMap(([marks, verbs]) => verbs.map((verb) => ({ marks, verb })))
    .filter(({ verb }) => `${words} `.startsWith(`${verb} `))
    .toSorted((a, b) => b.verb.length - a.verb.length);
  if (!longest) throw new Error(`"${words}" has no row in the table of permissions: who may do it?`);
  return longest.marks;
};

/** Every kind of person: each tier with each combination of roles, none included. */
const kinds: readonly PersonActor[] = (['tier_1', 'tier_2'] as const).flatMap((tier) =>
  Array.from({ length: 2 ** roles.length }, (_, bits) => ({
    type: 'person' as const,
    personId: '00000000-0000-4000-8000-0000000000aa',
    email: 'somebody@example.com',
    name: 'Some Body',
    partnerId: '00000000-0000-4000-8000-0000000000bb',
    tier,
    parentId: tier === 'tier_1' ? null : '00000000-0000-4000-8000-0000000000cc',
    childIds: [],
    managedIds: [],
    pricesPublished: false,
    roles: roles.filter((_role, index) => (bits & (1 << index)) !== 0),
    timeZone: 'Europe/Berlin',
    currency: 'EUR',
  })),
);
const nameOf = ({ tier, roles: held }: PersonActor): string => `${tier} ${held.join('+') || 'nobody'}`;

// Whoever gets as far as the database had the right.
const arrived = new Error('arrived');
const host: Host = {
  now: () => Temporal.Instant.from('2026-03-05T09:00:00Z'),
  hash: () => '',
  transaction: () => Promise.reject(arrived),
};
const execute = createExecute(host);
const isLetThrough = async (useCase: (typeof useCases)[number], actor: PersonActor): Promise<boolean> => {
  try {
    await execute(useCase as never, { actor, requestId: 'x' }, {});
    throw new Error('it cannot have got an answer');
  } catch (error) {
    if (error === arrived) return true;
    if (error instanceof Refusal) return error.code !== 'not_allowed';
    throw error;
  }
};

describe('the table of permissions', () => {
  test('has a column for every role of either tier', () => {
    for (const marks of [...agreed.map(([row]) => row), ...Object.values(rights)])
      expect(marks.split(' ')).toHaveLength(columns.length);
  });

  test.each(Object.entries(rights))('%s: %s', (permission, marks) => {
    for (const person of kinds)
      expect([nameOf(person), may(person, permission as Permission)]).toEqual([
        nameOf(person),
        isMarked(marks, person.tier, person.roles),
      ]);
  });

  test.each(useCases.map((useCase) => [useCase.name, useCase] as const))(
    'execute answers %s by it',
    async (_, useCase) => {
      const answered = await Promise.all(
        kinds.map(async (person) => `${nameOf(person)}: ${(await isLetThrough(useCase, person)) ? 'yes' : 'no'}`),
      );
      const marks = useCase.needs === 'system' ? '· · · · · · · ·' : marksOf(useCase.name);
      expect(answered).toEqual(
        kinds.map((person) => `${nameOf(person)}: ${isMarked(marks, person.tier, person.roles) ? 'yes' : 'no'}`),
      );
    },
  );

  test('the system does what the system does, and nothing that a person decides', async () => {
    for (const useCase of useCases) {
      const caller = { actor: { type: 'system', name: 'test' }, requestId: 'x' } as const;
      const error: unknown = await execute(useCase as never, caller, {}).catch((thrown: unknown) => thrown);
      const isRefused = error instanceof Refusal && error.code === 'not_allowed';
      expect([useCase.name, isRefused]).toEqual([useCase.name, useCase.needs !== 'system']);
    }
  });
});

describe('what is offered', () => {
  const registry = createRegistry(features);
  const offers = createOffers(registry);

  test.each(kinds.map((person) => [nameOf(person), person] as const))(
    'help lists for %s exactly what he may do',
    (_, person) => {
      const listed = helpMessage(registry.commands, person, '').blocks.flatMap((block) =>
        block.kind === 'text' && typeof block.text !== 'string'
          ? block.text.flatMap((span) => (typeof span === 'string' ? [] : [span.text]))
          : [],
      );
      const allowed = registry.commands.filter(({ words }) => isMarked(marksOf(words), person.tier, person.roles));
      expect(listed.toSorted()).toEqual(allowed.length === 0 ? ['help'] : allowed.map(({ usage }) => usage).toSorted());
    },
  );

  const buttons: readonly (readonly [needs: Permission, button: Button])[] = [
    ...registry.commands.map(({ words, needs }) => [needs, speak(words, `${words} something`)] as const),
    ...[...registry.actions.values()].map(
      ({ name, needs }) => [needs, { kind: 'run', label: name, action: name, args: {} }] as const,
    ),
    ...[...registry.forms.values()].map(
      ({ name, needs }) => [needs, { kind: 'form', label: name, form: name, context: {} }] as const,
    ),
  ];

  test('a button, whatever it does, is drawn only for who may press it', () => {
    const rows = buttons.map(([, button]) => ({ title: button.label, button }));
    for (const person of kinds) {
      const drawn = offers.message(person, {
        title: 'Everything',
        blocks: [
          ...buttons.map(([, button]) => ({ kind: 'buttons' as const, buttons: [button] })),
          { kind: 'rows', rows },
        ],
      });
      const wanted = buttons
        .filter(([needs]) => isMarked(rights[needs], person.tier, person.roles))
        .map(([, { label }]) => label);
      const labels = drawn.blocks.flatMap((block) =>
        block.kind === 'buttons' ? block.buttons.map(({ label }) => label) : [],
      );
      const inRows = drawn.blocks.flatMap((block) =>
        block.kind === 'rows' ? block.rows.flatMap(({ button }) => button?.label ?? []) : [],
      );
      expect(labels).toEqual(wanted);
      expect(inRows).toEqual(wanted);
      // The rows themselves stay: what they tell may be read.
      expect(drawn.blocks.find((block) => block.kind === 'rows')).toMatchObject({ rows: { length: rows.length } });
    }
  });

  test('links, words that are help, and buttons of an older version stay', () => {
    const [nobody] = kinds;
    const kept: Button[] = [
      { kind: 'link', label: 'File', url: 'https://desk.example/x' },
      speak('What?', 'nonsense'),
      { kind: 'run', label: 'Old', action: 'gone', args: {} },
    ];
    expect(offers.message(nobody!, { title: 'x', blocks: [{ kind: 'buttons', buttons: kept }] }).blocks).toEqual([
      { kind: 'buttons', buttons: kept },
    ]);
  });

  test('a way on from a form, and what stands above its fields, are offered as buttons are', () => {
    const form = {
      draftId: 'x',
      step: 1,
      steps: 1,
      errors: {},
      wayOn: { label: 'Crossgrade', form: 'crossgrade', context: {} },
      view: {
        title: 'Assign',
        submit: 'Assign',
        fields: [],
        intro: [{ kind: 'buttons' as const, buttons: [speak('Edit', 'plan edit')] }],
      },
    };
    const seen = (person: PersonActor) => offers.outcome(person, { kind: 'open', form });
    const viewer = kinds.find(({ roles: held }) => held.join() === 'viewer')!;
    const admin = kinds.find(({ roles: held }) => held.join() === 'admin')!;
    expect(seen(admin)).toEqual({ kind: 'open', form });
    const { wayOn: _, ...without } = form;
    expect(seen(viewer)).toEqual({ kind: 'open', form: { ...without, view: { ...form.view, intro: [] } } });
  });
});
