import type { z } from 'zod';
import { crossgradeAudience, showDoneCrossgrade } from '../../core/crossgrades/show-done.ts';
import { undoCrossgrade } from '../../core/crossgrades/undo-crossgrade.ts';
import { Refusal } from '../../core/errors.ts';
import { dismissWaitingCrossgrade } from '../../core/licenses/dismiss-waiting.ts';
import { listWaitingCrossgrades } from '../../core/licenses/list-waiting.ts';
import { may } from '../../core/permissions.ts';
import { textAnswer } from '../answers.ts';
import type { Ask, Feature, Form } from '../feature.ts';
import { fitted, showCount, showInstant, showUnits } from '../format.ts';
import type { Notice } from '../notice.ts';
import { bold, limits, type Args, type Button, type Message, type Reply, type Row } from '../view.ts';
import { receiptMessage, receiptTag } from './crossgrade-card.ts';
import { crossgradeForm } from './crossgrade-form.ts';
import { customerAndPlanIn } from './customer-and-plan.ts';

type Waiting = z.output<typeof listWaitingCrossgrades.result>['items'][number];

const simulate = (context: Args, label = 'Crossgrade…'): Button => ({
  kind: 'form',
  label,
  form: 'crossgrade',
  context,
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

/** A click that comes too late reads why, on the receipt that is drawn anew without the button. */
const undo = async (ask: Ask, { crossgrade = '' }: Args): Promise<Reply> => {
  try {
    await ask.execute(undoCrossgrade, { crossgrade });
  } catch (error) {
    if (!(error instanceof Refusal) || !error.code.startsWith('crossgrade.undo')) throw error;
  }
  return { kind: 'replace', message: receiptMessage(await ask.execute(showDoneCrossgrade, { crossgrade }), ask.actor) };
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
    {
      words: 'crossgrade list',
      usage: 'crossgrade list',
      does: 'shows the crossgrades that wait',
      needs: 'see',
      run: async (ask) => ({ kind: 'message', message: await listMessage(ask, {}) }),
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
