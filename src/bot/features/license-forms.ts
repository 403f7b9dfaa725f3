import { changeSeats, previewSeats } from '../../core/licenses/change-seats.ts';
import { conversionChoices, convertLicense, previewConversion } from '../../core/licenses/convert-license.ts';
import { isChargedByTerm } from '../../core/licenses/license-terms.ts';
import type { LicenseVerb } from '../../core/licenses/license-verbs.ts';
import { previewRemoval, removeLicense } from '../../core/licenses/remove-license.ts';
import { previewRenewal, renewLicense } from '../../core/licenses/renew-license.ts';
import { showOneLicense } from '../../core/licenses/show-license.ts';
import { resumeLicense, suspendLicense } from '../../core/licenses/suspend-license.ts';
import { invalid, Refusal, rule } from '../../core/errors.ts';
import { unitLimits } from '../../core/plans/plan-fields.ts';
import { numberAnswer, textAnswer, toggleAnswer } from '../answers.ts';
import type { Ask, Form, Step } from '../feature.ts';
import { fitted, showCount, showDay, showMoney, showNumber, showUnits, subscriptionTypeWords } from '../format.ts';
import { speak } from '../speak.ts';
import { bold, limits, type Answers, type Args, type Block, type Field, type Message, type Reply } from '../view.ts';
import { changedBlocks, historyButton, nameOf, showButton, type Changed, type Shown } from './license-card.ts';

/** What changes a license, each in a form that shows what will be before it is done. */

const titles: Readonly<Record<LicenseVerb, string>> = {
  seats: 'Change units',
  convert: 'Convert a trial',
  renew: 'Renew a license',
  suspend: 'Suspend a license',
  resume: 'Resume a license',
  remove: 'Remove a license',
};

/** What a receipt says on top. */
const doneWords: Readonly<Record<LicenseVerb, string>> = {
  seats: 'Units changed',
  convert: 'Trial converted',
  renew: 'License renewed',
  suspend: 'License suspended',
  resume: 'License resumed',
  remove: 'License removed',
};

/** What a change of units says on top: a decrease may wait for the renewal, or be taken back. */
const seatsWordsOf = ({ ledger, license }: Changed): string => {
  if (ledger.length > 0) return doneWords.seats;
  return license.unitsAtRenewal === undefined ? 'Units stay at the renewal' : 'Units change at the renewal';
};

const shownOf = (ask: Ask, { license = '' }: Args): Promise<Shown> => ask.execute(showOneLicense, { license });

/** As it stands when a form opens. @throws Refusal where it does not allow it any more. */
const allowing = async (ask: Ask, verb: LicenseVerb, context: Args): Promise<Shown> => {
  const shown = await shownOf(ask, context);
  if (!shown.may.includes(verb)) throw rule('license.not_any_more', { field: 'license' });
  return shown;
};

const about = (shown: Shown): Block => ({
  kind: 'text',
  text: [
    bold(fitted(shown.license.productName, 80)),
    ` of ${fitted(shown.company, 80)} · ${shown.license.plan ?? 'unbundled'} · `,
    bold(showUnits(shown.license.units, shown.license.unitType)),
  ],
});

const listed = (names: readonly string[]): string => fitted(names.join(', '), limits.text / 2);

/** That a whole suite goes together. */
const togetherBlock = ({ license, others }: Shown): Block[] =>
  others.length === 0
    ? []
    : [
        {
          kind: 'context',
          text: `All licenses of ${license.plan ?? 'the plan'} go together, ${listed(others.map(({ productName }) => productName))} as well.`,
        },
      ];

const receipt = async (ask: Ask, verb: LicenseVerb, changed: Changed, { license = '' }: Args): Promise<Message> => {
  const shown = await shownOf(ask, { license });
  const done = verb === 'seats' ? seatsWordsOf(changed) : doneWords[verb];
  const several = changed.licenses.length > 1 ? ` (${showCount(changed.licenses.length, 'license')})` : '';
  return {
    title: fitted(`${done}${several}: ${nameOf(shown)}`, limits.messageTitle),
    blocks: [
      ...changedBlocks(ask, changed),
      {
        kind: 'buttons',
        buttons: [
          showButton(license),
          historyButton(license, 'History'),
          speak('Licenses', `license list ${shown.customer}`),
        ],
      },
    ],
  };
};

const answered = async (ask: Ask, verb: LicenseVerb, changed: Changed, context: Args): Promise<Reply> => ({
  kind: 'message',
  message: await receipt(ask, verb, changed, context),
});

// ------------------------------------------------------------------------------------------------ units

const seatsOf = ({ license = '' }: Args, answers: Answers, confirm: boolean) => ({
  license,
  units: numberAnswer(answers, 'units') ?? 0,
  confirm,
});

/** When another number takes effect, and what it costs, in the words of the rules. */
const seatsWords = (shown: Shown): string =>
  shown.license.version === 'trial'
    ? 'A trial has more or fewer units at once, and is never charged.'
    : isChargedByTerm(shown.license)
      ? `Annual license: more units are there at once and charged for the rest of the term. Fewer units wait for the renewal on ${showDay(shown.license.endsOn)}.`
      : 'Monthly plan: more or fewer units at once, any day. What is charged follows the usage of each month.';

const waitingBlock = ({ license }: Shown): Block[] =>
  license.unitsAtRenewal === undefined
    ? []
    : [
        {
          kind: 'notice',
          tone: 'info',
          text: `From ${showDay(license.endsOn)} on there will be ${showUnits(license.unitsAtRenewal, license.unitType)}. The present number takes that back, and so does any higher one.`,
        },
      ];

/** What was used lately, where the number lies below it; null: it does not. */
const belowUsed = async (ask: Ask, context: Args, answers: Answers): Promise<Refusal | null> => {
  try {
    await ask.execute(previewSeats, seatsOf(context, answers, false));
    return null;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'license.below_used') return error;
    throw error;
  }
};

const confirmFields = ({ params }: Refusal): Field[] => [
  {
    kind: 'toggle',
    name: 'confirm',
    label: 'Fewer than are used',
    confirms: true,
    caption: `Yes, ${showNumber(params.units ?? '')} although ${showNumber(params.used ?? '')} are used`,
    value: false,
  },
];

const seatsForm: Form = {
  name: 'license-seats',
  needs: 'license',
  steps: [
    {
      fields: ['units'],
      async draw(ask, context) {
        const shown = await allowing(ask, 'seats', context);
        return {
          title: titles.seats,
          submit: 'Next',
          intro: [
            about(shown),
            ...waitingBlock(shown),
            { kind: 'text', text: seatsWords(shown) },
            ...togetherBlock(shown),
          ],
          fields: [
            { kind: 'number', name: 'units', label: 'Units', value: String(shown.license.units), ...unitLimits },
          ],
        };
      },
      async check(ask, context, answers) {
        await belowUsed(ask, context, answers);
      },
    },
    {
      fields: ['confirm'],
      async draw(ask, context, answers) {
        const below = await belowUsed(ask, context, answers);
        const changed = await ask.execute(previewSeats, seatsOf(context, answers, true));
        return {
          title: titles.seats,
          submit: 'Change',
          intro: [
            ...changedBlocks(ask, changed),
            ...(below
              ? [
                  {
                    kind: 'notice',
                    tone: 'warning',
                    text: [
                      bold(String(below.params.product ?? '')),
                      ' was used with ',
                      bold(showNumber(below.params.used ?? '')),
                      ' units in the last 7 days.',
                    ],
                  } as const,
                ]
              : []),
          ],
          fields: below ? confirmFields(below) : [],
        };
      },
    },
  ],
  async submit(ask, answers, context) {
    const changed = await ask.execute(changeSeats, seatsOf(context, answers, toggleAnswer(answers, 'confirm')));
    return answered(ask, 'seats', changed, context);
  },
};

// ------------------------------------------------------------------------------------------- conversion

const conversionOf = ({ license = '' }: Args, answers: Answers) => ({
  license,
  plan: textAnswer(answers, 'plan') ?? '',
});

const convertForm: Form = {
  name: 'license-convert',
  needs: 'license',
  steps: [
    {
      fields: ['plan'],
      async draw(ask, context) {
        const shown = await allowing(ask, 'convert', context);
        const { plans } = await ask.execute(conversionChoices, { license: context.license });
        const options = plans.slice(0, limits.options).map(({ planId, name, subscriptionType, net }) => ({
          value: planId,
          label: fitted(
            [
              name,
              subscriptionTypeWords[subscriptionType],
              ...(net && net.amount !== '0.00' ? [showMoney(net)] : []),
            ].join(' · '),
            limits.optionLabel,
          ),
        }));
        return {
          title: titles.convert,
          submit: 'Next',
          intro: [
            about(shown),
            {
              kind: 'text',
              text: 'The trial becomes a full license today: it stays the same license, with its units, data and history, and takes the settings of the plan.',
            },
            ...togetherBlock(shown),
          ],
          fields: [{ kind: 'select', name: 'plan', label: 'Service plan', options }],
        };
      },
      async check(ask, context, answers) {
        await ask.execute(previewConversion, conversionOf(context, answers));
      },
    },
    {
      fields: [],
      async draw(ask, context, answers) {
        const changed = await ask.execute(previewConversion, conversionOf(context, answers));
        return { title: titles.convert, submit: 'Convert', intro: changedBlocks(ask, changed), fields: [] };
      },
    },
  ],
  async submit(ask, answers, context) {
    return answered(ask, 'convert', await ask.execute(convertLicense, conversionOf(context, answers)), context);
  },
};

// ---------------------------------------------------------------------------------------------- renewal

const renewForm: Form = {
  name: 'license-renew',
  needs: 'license',
  steps: [
    {
      fields: [],
      async draw(ask, context) {
        const shown = await allowing(ask, 'renew', context);
        const changed = await ask.execute(previewRenewal, { license: context.license });
        return {
          title: titles.renew,
          submit: 'Renew',
          intro: [
            about(shown),
            {
              kind: 'text',
              text:
                shown.license.status === 'expired'
                  ? 'It is over: a new term begins today.'
                  : `The next term begins on ${showDay(shown.license.endsOn)}, without a gap.`,
            },
            ...togetherBlock(shown),
            ...changedBlocks(ask, changed),
          ],
          fields: [],
        };
      },
    },
  ],
  async submit(ask, _answers, context) {
    return answered(ask, 'renew', await ask.execute(renewLicense, { license: context.license }), context);
  },
};

// --------------------------------------------------------------------------- one license, or all of a plan

const isAll = (answers: Answers): boolean => textAnswer(answers, 'which') === 'all';

/** Asked where more than one license could be meant. */
const whichField = ({ license, others }: Shown): Field[] =>
  others.length === 0
    ? []
    : [
        {
          kind: 'select',
          name: 'which',
          label: 'Licenses',
          options: [
            { value: 'one', label: fitted(`Only ${license.productName}`, limits.optionLabel) },
            {
              value: 'all',
              label: fitted(
                `All ${showNumber(others.length + 1)} of ${license.plan ?? 'the plan'}`,
                limits.optionLabel,
              ),
            },
          ],
          value: 'one',
        },
      ];

const suspensionWords = ({ license }: Shown): string => {
  const renewal = license.autoRenewal ? ', it renews as before' : '';
  const isByUse = license.version === 'full' && !isChargedByTerm(license);
  const charge = isByUse ? ', and what is used is charged all the same' : '';
  return `It shows as suspended until it is resumed. Its term runs on${renewal}${charge}.`;
};

const turnForm = (verb: 'suspend' | 'resume'): Form => ({
  name: `license-${verb}`,
  needs: 'license',
  steps: [
    {
      fields: ['which'],
      async draw(ask, context) {
        const shown = await allowing(ask, verb, context);
        return {
          title: titles[verb],
          submit: verb === 'suspend' ? 'Suspend' : 'Resume',
          intro: [
            about(shown),
            {
              kind: 'text',
              text:
                verb === 'suspend'
                  ? suspensionWords(shown)
                  : shown.customerSuspended
                    ? 'It is in use again once its customer is resumed as well.'
                    : 'It shows its own status again. Nothing was lost: its term ran on.',
            },
          ],
          fields: whichField(shown),
        };
      },
    },
  ],
  async submit(ask, answers, context) {
    const asked = { license: context.license, all: isAll(answers) };
    const changed = await ask.execute(verb === 'suspend' ? suspendLicense : resumeLicense, asked);
    return answered(ask, verb, changed, context);
  },
});

/** What is lost, and what comes back. */
const lossWords = (shown: Shown): string => {
  const refund =
    shown.license.status !== 'scheduled'
      ? 'Nothing is refunded.'
      : isChargedByTerm(shown.license)
        ? 'It has not begun: what was charged for it is credited in full.'
        : 'It has not begun.';
  return `${refund} It cannot be brought back, and the customer is told by mail.`;
};

const othersWords = ({ license, others }: Shown, all: boolean): Block[] =>
  others.length === 0 || all
    ? []
    : [
        {
          kind: 'context',
          text: `The other ${others.length === 1 ? 'license' : 'licenses'} of ${license.plan ?? 'the plan'} stay: ${listed(others.map(({ productName }) => productName))}.`,
        },
      ];

const removalStep: Step = {
  fields: ['sure'],
  async draw(ask, context, answers) {
    const shown = await allowing(ask, 'remove', context);
    const changed = await ask.execute(previewRemoval, { license: context.license, all: isAll(answers) });
    return {
      title: titles.remove,
      submit: 'Remove',
      intro: [
        about(shown),
        { kind: 'notice', tone: 'danger', text: lossWords(shown) },
        ...changedBlocks(ask, changed),
        ...othersWords(shown, isAll(answers)),
      ],
      fields: [
        {
          kind: 'toggle',
          name: 'sure',
          label: 'For good',
          confirms: true,
          caption: `Yes, remove ${changed.licenses.length === 1 ? 'this license' : `these ${showCount(changed.licenses.length, 'license')}`}`,
          value: false,
        },
      ],
    };
  },
};

const whichStep: Step = {
  fields: ['which'],
  async draw(ask, context) {
    const shown = await allowing(ask, 'remove', context);
    return {
      title: titles.remove,
      submit: 'Next',
      intro: [about(shown), { kind: 'text', text: 'One license of the plan can go, or all of them.' }],
      fields: whichField(shown),
    };
  },
};

const removeForm = (name: string, steps: Form['steps']): Form => ({
  name,
  needs: 'license',
  steps,
  async submit(ask, answers, context) {
    if (!toggleAnswer(answers, 'sure')) throw invalid('form.tick_to_confirm', 'sure');
    const changed = await ask.execute(removeLicense, { license: context.license, all: isAll(answers) });
    return answered(ask, 'remove', changed, context);
  },
});

export const licenseForms: readonly Form[] = [
  seatsForm,
  convertForm,
  renewForm,
  turnForm('suspend'),
  turnForm('resume'),
  removeForm('license-remove', [whichStep, removalStep]),
  removeForm('license-remove-one', [removalStep]),
];
