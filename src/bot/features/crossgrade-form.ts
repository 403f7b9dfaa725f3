import { commitCrossgrade, previewCrossgrade } from '../../core/crossgrades/commit-crossgrade.ts';
import { showDoneCrossgrade } from '../../core/crossgrades/show-done.ts';
import { invalid, Refusal } from '../../core/errors.ts';
import { unitLimits } from '../../core/plans/plan-fields.ts';
import { listAnswer, numberAnswer, present, textAnswer, toggleAnswer } from '../answers.ts';
import type { Ask, Form } from '../feature.ts';
import { fitted, showCount, showDay, showInstant } from '../format.ts';
import { speak } from '../speak.ts';
import { bold, limits, type Answers, type Block, type Field } from '../view.ts';
import { previewBlocks, type Preview } from './crossgrade-card.ts';
import { customerAndPlanFields } from './customer-and-plan.ts';

/** The simulator: what a crossgrade would do, choice by choice, until it is done as it was shown. */

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

const unticked = (kept: readonly { readonly productName: string }[]): Refusal =>
  invalid('crossgrade.tick', tick, { products: fitted(namesOf(kept), 100) });

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

export const crossgradeForm: Form = {
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
    const { customer, plan } = await ask.execute(showDoneCrossgrade, { crossgrade: done.crossgradeId });
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
              '. I sent you the receipt',
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
