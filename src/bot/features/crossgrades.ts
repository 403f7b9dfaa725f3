import type { z } from 'zod';
import { commitCrossgrade, previewCrossgrade } from '../../core/crossgrades/commit-crossgrade.ts';
import { crossgradeAudience, showDoneCrossgrade } from '../../core/crossgrades/show-done.ts';
import { undoCrossgrade } from '../../core/crossgrades/undo-crossgrade.ts';
import { invalid, Refusal } from '../../core/errors.ts';
import { dismissWaitingCrossgrade } from '../../core/licenses/dismiss-waiting.ts';
import { listWaitingCrossgrades } from '../../core/licenses/list-waiting.ts';
import { may } from '../../core/permissions.ts';
import { unitLimits } from '../../core/plans/plan-fields.ts';
import { listAnswer, numberAnswer, present, textAnswer, toggleAnswer } from '../answers.ts';
import type { Ask, Feature, Form } from '../feature.ts';
import { fitted, showCount, showDay, showInstant, showUnits } from '../format.ts';
import type { Notice } from '../notice.ts';
import { speak } from '../speak.ts';
import {
  bold,
  limits,
  type Answers,
  type Args,
  type Block,
  type Button,
  type Field,
  type Message,
  type Reply,
  type Row,
} from '../view.ts';
import { previewBlocks, receiptMessage, receiptTag, type Done, type Preview } from './crossgrade-card.ts';
import { customerAndPlanFields, customerAndPlanIn } from './customer-and-plan.ts';

type Waiting = z.output<typeof listWaitingCrossgrades.result>['items'][number];

// ------------------------------------------------------------------------------------------ the simulator

const title = 'Crossgrade';

/** Names of fields; what is chosen for a product stands under its SKU. */
const modeOf = (sku: string): string => `choices.${sku}.mode`;
const startOf = (sku: string): string => `choices.${sku}.startsOn`;
const leftoverOf = (sku: string): string => `leftovers.${sku}`;
const tick = 'unbundled';

/** Kept beside the answers by the steps: the SKUs that were asked about, and those that were ticked as unbundled. */
const facts = { asked: 'askedSkus', left: 'leftSkus', ticked: 'tickedSkus' } as const;

const subjectOf = (answers: Answers) =>
  present({
    customer: textAnswer(answers, 'customer'),
    plan: textAnswer(answers, 'plan'),
    units: numberAnswer(answers, 'units'),
  });

/** All that was answered, as the use case takes it: what was left as proposed is not said. */
const crossgradeOf = (answers: Answers) => ({
  ...subjectOf(answers),
  choices: Object.fromEntries(
    listAnswer(answers, facts.asked).flatMap((sku) => {
      const mode = textAnswer(answers, modeOf(sku)) ?? 'transfer';
      const startsOn = textAnswer(answers, startOf(sku));
      return mode === 'transfer' && startsOn === undefined ? [] : [[sku, present({ mode, startsOn })]];
    }),
  ),
  leftovers: Object.fromEntries(
    listAnswer(answers, facts.left).flatMap((sku) =>
      textAnswer(answers, leftoverOf(sku)) === 'remove' ? [[sku, 'remove']] : [],
    ),
  ),
});

/** The field of the form that a complaint about a choice is about. */
const atItsField = (error: unknown): unknown =>
  error instanceof Refusal && error.field === 'choices' && error.params.sku !== undefined
    ? invalid(error.code, startOf(String(error.params.sku)), error.params)
    : error;

const preview = async (ask: Ask, input: object): Promise<Preview> => {
  try {
    return await ask.execute(previewCrossgrade, input);
  } catch (error) {
    throw atItsField(error);
  }
};

const leftoversIn = ({ after }: Preview) =>
  after.filter(({ outcome }) => outcome === 'unbundled' || outcome === 'removed');

/** Software for which a new licence could follow the old one. */
const choosable = ({ asks }: Preview) => asks.filter(({ latest }) => latest !== null);

const softwareFields = ({ product, productName, earliest, latest }: Preview['asks'][number]): Field[] => [
  {
    kind: 'select',
    name: modeOf(product),
    label: productName,
    options: [
      { value: 'transfer', label: 'Move the license to the new plan' },
      { value: 'new', label: 'Let it run out and start a new license' },
    ],
    value: 'transfer',
  },
  {
    kind: 'date',
    name: startOf(product),
    label: `${productName}: start of a new license`,
    hint: `Only for a new license: ${showDay(earliest)} to ${showDay(latest ?? earliest)}. Left empty: today`,
    optional: true,
  },
];

const leftoverField = ({ product, productName, expiresOn }: Preview['after'][number]): Field => ({
  kind: 'select',
  name: leftoverOf(product),
  label: `${productName} is not part of the new plan`,
  options: [
    { value: 'keep', label: `Keep it until it expires on ${showDay(expiresOn)}` },
    { value: 'remove', label: 'Remove it now' },
  ],
  value: 'keep',
});

const namesOf = (some: readonly { readonly productName: string }[]): string =>
  some.map(({ productName }) => productName).join(', ');

/** As long as a label may be; more names than that stand above the fields. */
const longestLabel = 1000;

const tickField = (names: string): Field => ({
  kind: 'toggle',
  name: tick,
  label:
    names.length > longestLabel ? 'What is kept stands without a plan' : `What is kept stands without a plan: ${names}`,
  caption: 'I know: what I keep never renews, and its units stay as they are',
  confirms: true,
});

/** As many products of each kind as one step can ask about. */
const askedAtOnce = 20;

const choiceIntro = (seen: Preview): Block[] => {
  const asked = choosable(seen);
  const left = leftoversIn(seen);
  const moving = seen.asks.filter(({ latest }) => latest === null);
  return [
    { kind: 'text', text: [bold(seen.customer.company), ' gets ', bold(seen.plan.name), '.'] },
    ...(asked.length > 0
      ? [
          {
            kind: 'text',
            text: 'Software can move with its activation code, or a new license follows while the old one runs out.',
          } as const,
        ]
      : []),
    ...moving.map(
      ({ productName }) =>
        ({ kind: 'context', text: `${productName} moves: its license is over, none can follow it.` }) as const,
    ),
    ...(namesOf(left).length > longestLabel
      ? [{ kind: 'text', text: ['Not part of the new plan: ', bold(namesOf(left)), '.'] } as const]
      : []),
    ...(Math.max(asked.length, left.length) > askedAtOnce
      ? [
          {
            kind: 'context',
            text: `Of each kind the first ${askedAtOnce} are asked about; all others move, or are kept.`,
          } as const,
        ]
      : []),
  ];
};

const crossgradeForm: Form = {
  name: 'crossgrade',
  needs: 'license',
  steps: [
    {
      fields: ['customer', 'plan', 'units'],
      async draw(ask, context) {
        return {
          title,
          submit: 'Next',
          intro: [
            {
              kind: 'context',
              text: 'Gives a plan to a customer who has some of its products already. Nothing is changed before you have seen it all.',
            },
          ],
          fields: [
            ...(await customerAndPlanFields(ask, context, 'New service plan')),
            {
              kind: 'number',
              name: 'units',
              label: 'Units',
              hint: "Of every license of the plan. Left empty: as many as the customer has now, at least the plan's default units",
              optional: true,
              ...unitLimits,
              ...(context.units && { value: context.units }),
            },
          ],
        };
      },
      async check(ask, _context, answers) {
        const seen = await preview(ask, subjectOf(answers));
        const left = leftoversIn(seen).map(({ product }) => product);
        const isSame = left.join() === listAnswer(answers, facts.left).join();
        return {
          [facts.asked]: choosable(seen).map(({ product }) => product),
          [facts.left]: left,
          // A tick is given to the names that were read.
          ...(isSame ? {} : { [tick]: '' }),
        };
      },
    },
    {
      fields: ['choices.', 'leftovers.', tick],
      applies: (answers) => [facts.asked, facts.left].some((name) => listAnswer(answers, name).length > 0),
      async draw(ask, _context, answers) {
        const seen = await preview(ask, subjectOf(answers));
        const left = leftoversIn(seen);
        return {
          title,
          submit: 'Next',
          intro: choiceIntro(seen),
          fields: [
            ...choosable(seen).slice(0, askedAtOnce).flatMap(softwareFields),
            ...left.slice(0, askedAtOnce).map(leftoverField),
            ...(left.length > 0 ? [tickField(namesOf(left))] : []),
          ],
        };
      },
      async check(ask, _context, answers) {
        const kept = (await preview(ask, crossgradeOf(answers))).after.filter(({ outcome }) => outcome === 'unbundled');
        if (kept.length > 0 && !toggleAnswer(answers, tick)) throw unticked(kept);
        return { [facts.ticked]: kept.map(({ product }) => product) };
      },
    },
    {
      fields: [],
      async draw(ask, _context, answers) {
        const seen = await preview(ask, crossgradeOf(answers));
        const ticked = listAnswer(answers, facts.ticked);
        const missing = seen.after.filter(
          ({ outcome, product }) => outcome === 'unbundled' && !ticked.includes(product),
        );
        if (missing.length > 0) throw unticked(missing);
        return { title, submit: 'Crossgrade', intro: previewBlocks(seen), fields: [], stamp: seen.hash };
      },
    },
  ],

  async submit(ask, answers, _context, seen) {
    const done = await ask.execute(commitCrossgrade, { ...crossgradeOf(answers), hash: seen });
    const { customer, plan } = await receiptOf(ask, done.crossgradeId);
    const undoable = Temporal.Instant.compare(done.undoUntil, ask.now) > 0;
    return {
      kind: 'message',
      message: {
        title: fitted(`Crossgrade done: ${plan}`, limits.messageTitle),
        blocks: [
          {
            kind: 'text',
            text: [
              bold(customer.company),
              ` has ${showCount(done.licenseIds.length, 'license')} of `,
              bold(plan),
              '. The receipt is in our private chat',
              undoable
                ? `, with a button that undoes it until ${showInstant(done.undoUntil, ask.actor.timeZone)}.`
                : '.',
            ],
          },
          {
            kind: 'buttons',
            buttons: [
              speak('Licenses', `license list ${customer.account}`),
              speak('Transactions', `transactions ${customer.account}`),
            ],
          },
        ],
      },
    };
  },
};

const unticked = (kept: readonly { readonly productName: string }[]): Refusal =>
  invalid('crossgrade.tick', tick, { products: fitted(namesOf(kept), 100) });

// ------------------------------------------------------------------------------------------- what waits

const simulate = (context: Args, label = 'Crossgrade…', style?: 'primary'): Button => ({
  kind: 'form',
  label,
  form: 'crossgrade',
  context,
  ...(style && { style }),
});

const contextOf = ({ customer, planId, units }: Waiting): Args => ({ customer, plan: planId, units: String(units) });

const rowOf = (item: Waiting, ask: Ask): Row => ({
  title: [bold(fitted(item.company, 80)), ` · ${item.plan}`],
  detail: [
    item.customer,
    `${showUnits(item.units, item.unitType)}, asked for by ${item.by} on ${showInstant(item.at, ask.actor.timeZone)}`,
  ].join(' · '),
  ...(may(ask.actor, 'license') && { button: simulate(contextOf(item)) }),
});

const listMessage = async (ask: Ask, { page = '1' }: Args): Promise<Message> => {
  const found = await ask.execute(listWaitingCrossgrades, { page });
  const { items, total, pages } = found;
  return {
    title: total === 0 ? 'No crossgrade waits' : `${showCount(total, 'crossgrade')} waiting`,
    blocks: [
      ...(items.length > 0
        ? [{ kind: 'rows', rows: items.map((item) => rowOf(item, ask)) } as const]
        : [
            {
              kind: 'text',
              text: 'When a customer has a product of a plan already, assigning the plan is refused and waits here, until a crossgrade brings it.',
            } as const,
          ]),
      ...(pages > 1 ? [{ kind: 'pager', action: 'crossgrade.list', args: {}, page: found.page, pages } as const] : []),
      ...(may(ask.actor, 'license')
        ? [
            {
              kind: 'buttons',
              buttons: [
                simulate({}, 'Begin a crossgrade…'),
                ...(total > 0
                  ? [
                      {
                        kind: 'form',
                        label: 'Dismiss one…',
                        form: 'crossgrade-dismiss',
                        context: { page: String(found.page) },
                      } as const,
                    ]
                  : []),
              ],
            } as const,
          ]
        : []),
    ],
  };
};

/** What waits on a page, to choose from: neither part of the value has a space. */
const dismissForm: Form = {
  name: 'crossgrade-dismiss',
  needs: 'license',
  steps: [
    {
      fields: ['waiting'],
      async draw(ask, { page = '1' }) {
        const { items } = await ask.execute(listWaitingCrossgrades, { page });
        return {
          title: 'Dismiss a crossgrade',
          submit: 'Dismiss',
          fields: [
            {
              kind: 'select',
              name: 'waiting',
              label: 'Waiting crossgrade',
              hint: 'It is counted no more. Nothing of what the customer has is changed.',
              options: items.map(({ customer, company, plan, planId }) => ({
                value: `${customer} ${planId}`,
                label: fitted(`${fitted(company, 40)}: ${plan}`, limits.optionLabel),
              })),
            },
          ],
        };
      },
    },
  ],
  async submit(ask, answers, { page = '1' }) {
    const [customer = '', plan = ''] = (textAnswer(answers, 'waiting') ?? '').split(' ');
    await ask.execute(dismissWaitingCrossgrade, { customer, plan });
    const message = await listMessage(ask, { page });
    return { kind: 'replace', message };
  },
};

/** What the words name; the draft that waits for just that fills in the rest. */
const contextIn = async (ask: Ask, rest: string): Promise<Args> => {
  const named = await customerAndPlanIn(ask, rest);
  const { items } = await ask.execute(listWaitingCrossgrades, { customer: named.customer });
  const [draft, ...others] = items.filter(({ planId }) => named.plan === undefined || planId === named.plan);
  return draft && others.length === 0 ? contextOf(draft) : named;
};

// ------------------------------------------------------------------------------------------ the receipt

const receiptOf = (ask: Ask, crossgrade: string): Promise<Done> => ask.execute(showDoneCrossgrade, { crossgrade });

/** A click that comes too late reads why, on the receipt that is drawn anew without the button. */
const undo = async (ask: Ask, { crossgrade = '' }: Args): Promise<Reply> => {
  try {
    await ask.execute(undoCrossgrade, { crossgrade });
  } catch (error) {
    if (!(error instanceof Refusal) || !error.code.startsWith('crossgrade.undo')) throw error;
  }
  return { kind: 'replace', message: receiptMessage(await receiptOf(ask, crossgrade), ask.actor) };
};

/** The receipt for who did it, as a message of the bot's own: only there may the button stand. */
const crossgradeDone: Notice = {
  topic: 'crossgrade.done',
  async compose({ execute, as }, { crossgrade = '' }) {
    const { person } = await execute(crossgradeAudience, { crossgrade });
    if (!person) return [];
    const done = await as(person)(showDoneCrossgrade, { crossgrade });
    const message = receiptMessage(done, person);
    return [{ to: 'person', person, key: `crossgrade.done:${crossgrade}`, tag: receiptTag(crossgrade), message }];
  },
};

/** It was undone, or can be undone no longer: all copies of the receipt say so. */
const crossgradeChanged: Notice = {
  topic: 'crossgrade.changed',
  async compose({ execute, as }, { crossgrade = '' }) {
    const { person } = await execute(crossgradeAudience, { crossgrade });
    if (!person) return [];
    const done = await as(person)(showDoneCrossgrade, { crossgrade });
    if (done.undo === 'open') return [];
    const key = `crossgrade.changed:${crossgrade}:${done.undo}`;
    return [{ to: 'copies', tag: receiptTag(crossgrade), key, message: receiptMessage(done, person) }];
  },
};

/** As many as the work list shows. */
const atHome = 5;

/** Giving a plan to a customer who has some of its products: what waits, the simulator, and the receipt with its undo. */
export const crossgradesFeature: Feature = {
  commands: [
    {
      words: 'crossgrade',
      usage: 'crossgrade [ACCOUNT [PLAN]]',
      does: 'gives a plan to a customer who has some of its products already',
      needs: 'license',
      shortcut: 'Crossgrades',
      run: async (ask, rest) =>
        rest
          ? { kind: 'form', form: 'crossgrade', context: await contextIn(ask, rest) }
          : { kind: 'message', message: await listMessage(ask, {}) },
    },
  ],
  forms: [crossgradeForm, dismissForm],
  actions: [
    {
      name: 'crossgrade.list',
      needs: 'see',
      run: async (ask, args) => ({
        kind: args.page === undefined ? 'message' : 'replace',
        message: await listMessage(ask, args),
      }),
    },
    { name: 'crossgrade.undo', needs: 'license', run: undo },
  ],
  notices: [crossgradeDone, crossgradeChanged],
  home: {
    needs: 'license',
    async draw(ask) {
      const { items, total } = await ask.execute(listWaitingCrossgrades, { size: atHome });
      if (total === 0) return [];
      return [
        { kind: 'heading', text: `Waiting for a crossgrade (${total})` },
        { kind: 'rows', rows: items.map((item) => rowOf(item, ask)) },
        ...(total > items.length
          ? [
              {
                kind: 'buttons',
                buttons: [{ kind: 'run', label: 'All of them', action: 'crossgrade.list', args: {} }],
              } as const,
            ]
          : []),
      ];
    },
  },
};
