import { rule } from '../../core/errors.ts';
import { lastDay } from '../../core/licenses/license-result.ts';
import { may } from '../../core/permissions.ts';
import { showPlan } from '../../core/plans/show-plan.ts';
import {
  acceptSuiteChange,
  beginSuiteAcceptance,
  previewSuiteAcceptance,
} from '../../core/suites/accept-suite-change.ts';
import { approveSuiteChange } from '../../core/suites/approve-suite-change.ts';
import {
  listSuiteChanges,
  listSuiteCustomers,
  showSuiteChange,
  type SuiteCustomer,
} from '../../core/suites/list-suite-changes.ts';
import { suiteAudience } from '../../core/suites/tell-suite-change.ts';
import type { z } from 'zod';
import { listAnswer, textAnswer } from '../answers.ts';
import type { Ask, Feature, Form } from '../feature.ts';
import { fitted, showCount, showDay, showMoney, showNumber, showUnits } from '../format.ts';
import type { Notice, Notification } from '../notice.ts';
import { speak } from '../speak.ts';
import {
  bold,
  limits,
  type Answers,
  type Args,
  type Block,
  type Field,
  type Message,
  type Option,
  type Reply,
  type Row,
} from '../view.ts';
import {
  acceptButton,
  changeMessage,
  differenceText,
  nextButtons,
  obstacleBlocks,
  openSuite,
  reasonText,
  statusWords,
  triedAgainMessage,
  type Change,
} from './suite-card.ts';

type Preview = z.output<typeof previewSuiteAcceptance.result>;

// ------------------------------------------------------------------------------------------------ lists

const rowOf = (change: Change): Row => ({
  title: [bold(change.suiteName), ` · ${statusWords[change.status]}`],
  detail: [
    differenceText(change),
    ...(change.left > 0
      ? [change.status === 'waiting' ? showCount(change.left, 'customer') : `${showNumber(change.left)} left`]
      : []),
    ...(change.failed > 0 ? [`${showNumber(change.failed)} failed`] : []),
    ...(change.cost ? [showMoney(change.cost)] : []),
  ].join(' · '),
  button: openSuite(change.changeId, 'Open'),
});

const listMessage = async (ask: Ask, { page = '1' }: Args): Promise<Message> => {
  const found = await ask.execute(listSuiteChanges, { page });
  return {
    title: found.total === 0 ? 'No suite changes' : showCount(found.total, 'suite change'),
    blocks: [
      found.items.length > 0
        ? { kind: 'rows', rows: found.items.map(rowOf) }
        : {
            kind: 'text',
            text: 'When the catalogue changes the products of one of your suites, the change waits here until you approve it.',
          },
      ...(found.pages > 1
        ? [{ kind: 'pager', action: 'suite.list', args: {}, page: found.page, pages: found.pages } as const]
        : []),
    ],
  };
};

const openMessage = async (ask: Ask, change: string): Promise<Message> =>
  changeMessage(await ask.execute(showSuiteChange, { change }), ask.actor);

const customerRow = (item: SuiteCustomer, change: Change, ask: Ask): Row => {
  const told = item.hindrance ?? item.failure;
  return {
    title: [bold(fitted(item.company, 100)), ` · ${item.customer}`],
    detail: [
      fitted(item.plan, 80),
      showUnits(item.units, item.unitType),
      ...(item.amount ? [showMoney(item.amount)] : []),
      ...(item.status === 'accepted' ? ['accepted'] : item.status === 'queued' ? ['being accepted'] : []),
      ...(told ? [reasonText(told)] : []),
    ].join(' · '),
    ...(change.status === 'approved' &&
      item.status !== 'accepted' &&
      may(ask.actor, 'license') && {
        button: {
          kind: 'form',
          label: 'Accept…',
          form: 'suite-accept-one',
          context: { change: change.changeId, customer: item.customer },
        },
      }),
  };
};

const customerWords: Readonly<Record<string, readonly [one: string, many: string]>> = {
  open: ['customer is not accepted', 'customers are not accepted'],
  failed: ['customer failed', 'customers failed'],
  accepted: ['customer is accepted', 'customers are accepted'],
};

const customersMessage = async (ask: Ask, { change = '', status = 'open', page = '1' }: Args): Promise<Message> => {
  const shown = await ask.execute(showSuiteChange, { change, foreseen: false });
  const found = await ask.execute(listSuiteCustomers, { change, status, page });
  const [one, many] = customerWords[status] ?? customerWords.open!;
  const others = (['open', 'failed', 'accepted'] as const).filter((other) => other !== status);
  return {
    title: fitted(`${shown.suiteName}: ${showCount(found.total, one, many)}`, limits.messageTitle),
    blocks: [
      found.items.length > 0
        ? { kind: 'rows', rows: found.items.map((item) => customerRow(item, shown, ask)) }
        : { kind: 'text', text: 'Nobody.' },
      ...(found.pages > 1
        ? [
            {
              kind: 'pager',
              action: 'suite.customers',
              args: { change, status },
              page: found.page,
              pages: found.pages,
            } as const,
          ]
        : []),
      {
        kind: 'buttons',
        buttons: [
          ...(shown.status === 'approved' && may(ask.actor, 'license') ? [acceptButton(shown.changeId)] : []),
          ...others.map((other) => ({
            kind: 'run' as const,
            label: { open: 'Not accepted', failed: 'Failed', accepted: 'Accepted' }[other],
            action: 'suite.customers',
            args: { change, status: other },
          })),
          openSuite(shown.changeId),
        ],
      },
    ],
  };
};

// ---------------------------------------------------------------------------------------------- approval

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

// -------------------------------------------------------------------------------------------- acceptance

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
          submit: `Accept ${showNumber(preview.chosen)}`,
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
              bold(showCount(begun.queued, 'customer')),
              begun.queued === 1 ? ' gets' : ' get',
              ' the new products. The card in our private chat shows how far it is.',
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
            buttons: [
              speak('Licenses', `license list ${customer}`),
              { kind: 'run', label: 'Customers left', action: 'suite.customers', args: { change, status: 'open' } },
            ],
          },
        ],
      },
    };
  },
};

/** What failed last is tried again, in a new card: the one that was clicked stays as the record of the first run. */
const retry = async (ask: Ask, { change = '' }: Args): Promise<Reply> => {
  const { suiteName, queued } = await ask.execute(beginSuiteAcceptance, { change, again: true });
  return { kind: 'replace', message: triedAgainMessage(suiteName, queued) };
};

// ---------------------------------------------------------------------------------------------- commands

/** The suite change that words name: by the suite, or by one of its plans. */
const changeNamed = async (ask: Ask, words: string): Promise<Change> => {
  try {
    return await ask.execute(showSuiteChange, { change: words, foreseen: false });
  } catch (error) {
    const plan = await ask.execute(showPlan, { plan: words }).catch(() => null);
    if (!plan) throw error;
    return ask.execute(showSuiteChange, { change: plan.product, foreseen: false });
  }
};

/** Opens the form for what is named; where nothing is, for the only one it can be about, else the list. */
const formFor =
  (form: string, status: Change['status']) =>
  async (ask: Ask, rest: string): Promise<Reply> => {
    const open = async (): Promise<Change | null> => {
      const { items, total } = await ask.execute(listSuiteChanges, { status, foreseen: false });
      return total === 1 ? items[0]! : null;
    };
    const change = rest ? await changeNamed(ask, rest.slice(0, 120)) : await open();
    return change
      ? { kind: 'form', form, context: { change: change.changeId } }
      : { kind: 'message', message: await listMessage(ask, {}) };
  };

// ------------------------------------------------------------------------------------------------ notice

/** Every posted card of a change carries it, one for each person: who sees amounts differs. */
const tagOf = (changeId: string, personId: string): string => `suite-change:${changeId}:${personId}`;

/** A card for the partner's licensing people when a change opens; later the same card shows how it stands. */
const suiteChanged: Notice = {
  topic: 'suite.changed',
  async compose({ execute, as }, { changeId = '' }) {
    const { people } = await execute(suiteAudience, { changeId });
    const told: Notification[] = [];
    for (const person of people) {
      const change = await as(person)(showSuiteChange, { change: changeId });
      const message = changeMessage(change, person);
      const tag = tagOf(changeId, person.personId);
      const { status, left, accepted, failed } = change;
      if (status === 'waiting')
        told.push({
          to: 'person',
          person,
          key: `suite_changed:${changeId}`,
          tag,
          message,
          mail: { subject: message.title },
        });
      else
        told.push({
          to: 'copies',
          tag,
          key: `suite_changed:${changeId}:${person.personId}:${status}:${left}:${accepted}:${failed}`,
          message,
          latest: true,
        });
    }
    return told;
  },
};

/** As many as the work list shows. */
const atHome = 5;

/** Suites whose products the catalogue changed: approving, accepting customers in bulk or one by one. */
export const suitesFeature: Feature = {
  commands: [
    {
      words: 'suite list',
      usage: 'suite list',
      does: 'lists changes of suites, what they add and remove, and who is left',
      needs: 'see',
      shortcut: 'Suite changes',
      run: async (ask) => ({ kind: 'message', message: await listMessage(ask, {}) }),
    },
    {
      words: 'suite approve',
      usage: 'suite approve [SUITE]',
      does: 'approves the new products of a suite and unlocks its plans',
      needs: 'license',
      run: formFor('suite-approve', 'waiting'),
    },
    {
      words: 'suite accept',
      usage: 'suite accept [SUITE]',
      does: 'gives customers the new products of a suite, all but those left out',
      needs: 'license',
      run: formFor('suite-accept', 'approved'),
    },
    {
      words: 'plan approve',
      usage: 'plan approve [PLAN]',
      does: 'approves the suite change that locks a service plan',
      needs: 'license',
      run: formFor('suite-approve', 'waiting'),
    },
  ],
  forms: [approveForm, acceptForm, oneForm],
  actions: [
    {
      name: 'suite.list',
      needs: 'see',
      run: async (ask, args) => ({
        kind: args.page === undefined ? 'message' : 'replace',
        message: await listMessage(ask, args),
      }),
    },
    {
      name: 'suite.open',
      needs: 'see',
      run: async (ask, { change = '' }) => ({ kind: 'message', message: await openMessage(ask, change) }),
    },
    {
      name: 'suite.customers',
      needs: 'see',
      run: async (ask, args) => ({
        kind: args.page === undefined ? 'message' : 'replace',
        message: await customersMessage(ask, args),
      }),
    },
    { name: 'suite.retry', needs: 'license', run: retry },
  ],
  notices: [suiteChanged],
  home: {
    needs: 'license',
    async draw(ask) {
      const asked = { size: atHome, foreseen: false };
      const waiting = await ask.execute(listSuiteChanges, { ...asked, status: 'waiting' });
      const approved = await ask.execute(listSuiteChanges, { ...asked, status: 'approved' });
      const open = [...waiting.items, ...approved.items].slice(0, atHome);
      if (open.length === 0) return [];
      return [
        { kind: 'heading', text: `Suite changes (${showNumber(waiting.total + approved.total)})` },
        {
          kind: 'rows',
          rows: open.map((change) => {
            const [button = openSuite(change.changeId, 'Open')] = nextButtons(change, ask.actor);
            return { ...rowOf(change), button };
          }),
        },
      ];
    },
  },
};
