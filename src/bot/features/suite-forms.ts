import { rule } from '../../core/errors.ts';
import { lastDay } from '../../core/licenses/license-result.ts';
import {
  acceptSuiteChange,
  beginSuiteAcceptance,
  previewSuiteAcceptance,
} from '../../core/suites/accept-suite-change.ts';
import { approveSuiteChange } from '../../core/suites/approve-suite-change.ts';
import { listSuiteCustomers, showSuiteChange, type SuiteCustomer } from '../../core/suites/list-suite-changes.ts';
import { reasonText } from '../../texts/refusal-text.ts';
import type { z } from 'zod';
import { listAnswer, textAnswer } from '../answers.ts';
import type { Ask, Form } from '../feature.ts';
import { fitted, showCount, showDay, showMoney, showNumber, showUnits } from '../format.ts';
import { speak } from '../speak.ts';
import { bold, limits, type Answers, type Block, type Field, type Option } from '../view.ts';
import { acceptButton, customersButton, differenceText, obstacleBlocks, openSuite, type Change } from './suite-card.ts';

/** Approving a change of a suite, and accepting customers: many at once, or one. */

type Preview = z.output<typeof previewSuiteAcceptance.result>;

const centreOf = (sku: string): string => `centre.${sku}`;

const centreField = ({ product, productName, dataCentres, unplaced }: Change['added'][number]): Field => ({
  kind: 'select',
  name: centreOf(product),
  label: fitted(`${productName}: data centre`, limits.optionLabel),
  hint: fitted(`Not offered where these plans stand: ${unplaced.join(', ')}`, 150),
  options: dataCentres.map((centre) => ({ value: centre, label: centre })),
});

const unplacedIn = ({ added }: Change): Change['added'] => added.filter(({ unplaced }) => unplaced.length > 0);

const approveForm: Form = {
  name: 'suite-approve',
  needs: 'license',
  steps: [
    {
      fields: ['centre.'],
      async draw(ask, { change = '' }) {
        const shown = await ask.execute(showSuiteChange, { change });
        if (shown.status === 'approved' || shown.status === 'done') throw rule('suite.approved', { field: 'change' });
        if (shown.status === 'replaced') throw rule('suite.replaced', { field: 'change' });
        return {
          title: 'Approve a suite change',
          submit: 'Approve',
          intro: [
            { kind: 'text', text: [bold(shown.suiteName), ': ', differenceText(shown)] },
            {
              kind: 'facts',
              facts: [
                {
                  label: 'Unlocks',
                  value: fitted(shown.plans.map(({ name }) => name).join(', '), 500),
                },
                { label: 'Customers', value: `${showNumber(shown.left)}: they keep what they have until accepted` },
                ...(shown.cost ? [{ label: 'Cost of accepting all today', value: [bold(showMoney(shown.cost))] }] : []),
              ],
            },
            ...obstacleBlocks(shown),
          ],
          fields: unplacedIn(shown).map(centreField),
        };
      },
    },
  ],

  async submit(ask, answers, { change = '' }) {
    const dataCentres = Object.fromEntries(
      Object.keys(answers).flatMap((name) => {
        const centre = name.startsWith(centreOf('')) ? textAnswer(answers, name) : undefined;
        return centre === undefined ? [] : [[name.slice(centreOf('').length), centre]];
      }),
    );
    const approved = await ask.execute(approveSuiteChange, { change, dataCentres });
    return {
      kind: 'message',
      message: {
        title: fitted(`Approved: ${approved.suiteName}`, limits.messageTitle),
        blocks: [
          {
            kind: 'notice',
            tone: 'success',
            text: `${showCount(approved.plans.length, 'service plan')} unlocked: new assignments have the new products.`,
          },
          ...(approved.left > 0
            ? [
                {
                  kind: 'text',
                  text: `${showCount(approved.left, 'customer keeps', 'customers keep')} the old products until accepted.`,
                } as const,
              ]
            : []),
          {
            kind: 'buttons',
            buttons: [...(approved.left > 0 ? [acceptButton(approved.changeId)] : []), openSuite(approved.changeId)],
          },
        ],
      },
    };
  },
};

/** Whom a form can name in a list to tick; of more than these the account names are typed. */
const tickable = limits.options;

const optionOf = ({ customer, company, units, unitType }: SuiteCustomer): Option => ({
  value: customer,
  label: fitted(`${company} (${customer})`, limits.optionLabel),
  description: showUnits(units, unitType),
});

/** Account names have neither spaces nor commas. */
const exceptIn = (answers: Answers): string[] =>
  listAnswer(answers, 'except').flatMap((answer) => answer.split(/[\s,;]+/).filter((name) => name !== ''));

const exceptField = async (ask: Ask, change: string): Promise<Field | null> => {
  const { items, total } = await ask.execute(listSuiteCustomers, { change, status: 'open', size: tickable });
  const asked = { name: 'except', label: 'Leave out', optional: true };
  if (total < 2) return null;
  return total <= tickable
    ? { ...asked, kind: 'multi', options: items.map(optionOf) }
    : {
        ...asked,
        kind: 'text',
        multiline: true,
        hint: 'Account names, one a line. They keep the old products and can be accepted later',
      };
};

const sumBlocks = ({ chosen, ready, cost, ...rest }: Preview): Block[] => [
  {
    kind: 'facts',
    facts: [
      { label: 'Customers', value: [bold(showNumber(chosen))] },
      ...(ready < chosen ? [{ label: 'Can be accepted now', value: showNumber(ready) }] : []),
      ...(cost ? [{ label: 'Cost today', value: [bold(showMoney(cost))] }] : []),
    ],
  },
  ...obstacleBlocks(rest),
];

/** The first of them, and how many more. */
const namesOf = ({ customers, chosen }: Preview): string => {
  const more = chosen - customers.length;
  const names = customers.map(({ company }) => fitted(company, 80)).join(', ');
  return more > 0 ? `${names} and ${showNumber(more)} more` : names;
};

const acceptForm: Form = {
  name: 'suite-accept',
  needs: 'license',
  steps: [
    {
      fields: ['except', 'customers'],
      async draw(ask, { change = '' }) {
        const shown = await ask.execute(showSuiteChange, { change, foreseen: false });
        const preview = await ask.execute(previewSuiteAcceptance, { change });
        if (preview.chosen === 0) throw rule('suite.nobody_left', { field: 'except' });
        const except = await exceptField(ask, change);
        return {
          title: 'Accept customers',
          submit: 'Next',
          intro: [{ kind: 'text', text: [bold(shown.suiteName), ': ', differenceText(shown)] }, ...sumBlocks(preview)],
          fields: except ? [except] : [],
        };
      },
      async check(ask, { change = '' }, answers) {
        const { chosen } = await ask.execute(previewSuiteAcceptance, { change, except: exceptIn(answers) });
        if (chosen === 0) throw rule('suite.nobody_left', { field: 'except' });
      },
    },
    {
      fields: [],
      async draw(ask, { change = '' }, answers) {
        const except = exceptIn(answers);
        const preview = await ask.execute(previewSuiteAcceptance, { change, except });
        return {
          title: 'Accept customers',
          submit: preview.ready > 0 ? `Accept ${showNumber(preview.ready)}` : 'Accept',
          intro: [
            ...sumBlocks(preview),
            { kind: 'context', text: namesOf(preview) },
            ...(except.length > 0
              ? [{ kind: 'context', text: fitted(`Left out: ${except.join(', ')}`, 1000) } as const]
              : []),
          ],
          fields: [],
        };
      },
    },
  ],

  async submit(ask, answers, { change = '' }) {
    const begun = await ask.execute(beginSuiteAcceptance, { change, except: exceptIn(answers) });
    return {
      kind: 'message',
      message: {
        title: fitted(`${begun.suiteName}: accepting`, limits.messageTitle),
        blocks: [
          {
            kind: 'text',
            text: [
              'Accepting ',
              bold(showCount(begun.queued, 'customer')),
              '. The card that I sent you shows how far it is.',
            ],
          },
        ],
      },
    };
  },
};

const outcomeWords: Readonly<Record<Preview['licenses'][number]['outcome'], string>> = {
  added: 'New',
  transferred: 'Moves to the plan',
  superseded: 'Not needed any more',
  unbundled: 'Without a plan, until it expires',
};

const oneForm: Form = {
  name: 'suite-accept-one',
  needs: 'license',
  steps: [
    {
      fields: ['customers'],
      async draw(ask, { change = '', customer = '' }) {
        const preview = await ask.execute(previewSuiteAcceptance, { change, customers: [customer] });
        const [who] = preview.customers;
        const [obstacle] = preview.obstacles;
        if (!who) throw rule('suite.nothing_left', { field: 'customers', params: { customer } });
        return {
          title: 'Accept one customer',
          submit: 'Accept',
          intro: [
            { kind: 'text', text: [bold(fitted(who.company, 200)), ` (${who.customer}) · ${who.plan}`] },
            ...(obstacle ? [{ kind: 'notice', tone: 'warning', text: reasonText(obstacle) } as const] : []),
            ...(preview.licenses.length > 0
              ? [
                  {
                    kind: 'table',
                    columns: [
                      { label: 'Product/Service' },
                      { label: 'Becomes' },
                      { label: 'Units', align: 'right' },
                      { label: 'Until' },
                    ],
                    rows: preview.licenses
                      .slice(0, limits.tableRows)
                      .map(({ productName, outcome, units, unitType, endsOn }) => [
                        productName,
                        outcomeWords[outcome],
                        showUnits(units, unitType),
                        showDay(lastDay(endsOn)),
                      ]),
                  } as const,
                ]
              : []),
            ...(preview.cost
              ? [{ kind: 'facts', facts: [{ label: 'Cost today', value: [bold(showMoney(preview.cost))] }] } as const]
              : []),
          ],
          fields: [],
        };
      },
    },
  ],

  async submit(ask, _answers, { change = '', customer = '' }) {
    const { failed } = await ask.execute(acceptSuiteChange, { change, customers: [customer] });
    const [refused] = failed;
    if (refused) return { kind: 'refused', text: reasonText(refused) };
    return {
      kind: 'message',
      message: {
        title: fitted(`Accepted: ${customer}`, limits.messageTitle),
        blocks: [
          {
            kind: 'buttons',
            buttons: [speak('Licenses', `license list ${customer}`), customersButton(change, 'Customers left')],
          },
        ],
      },
    };
  },
};

export const suiteForms: readonly Form[] = [approveForm, acceptForm, oneForm];
