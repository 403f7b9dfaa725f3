import { may } from '../../core/permissions.ts';
import { showPlan } from '../../core/plans/show-plan.ts';
import { beginSuiteAcceptance } from '../../core/suites/accept-suite-change.ts';
import {
  listSuiteChanges,
  listSuiteCustomers,
  showSuiteChange,
  type SuiteCustomer,
} from '../../core/suites/list-suite-changes.ts';
import { suiteAudience } from '../../core/suites/tell-suite-change.ts';
import { reasonText } from '../../texts/refusal-text.ts';
import type { Ask, Feature } from '../feature.ts';
import { fitted, showCount, showMoney, showNumber, showUnits } from '../format.ts';
import type { Notice, Notification } from '../notice.ts';
import { bold, limits, type Args, type Message, type Reply, type Row } from '../view.ts';
import {
  acceptButton,
  changeMessage,
  differenceText,
  nextButtons,
  openSuite,
  statusWords,
  triedAgainMessage,
  type Change,
} from './suite-card.ts';
import { suiteForms } from './suite-forms.ts';

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

/** What failed last is tried again, in a new card: the one that was clicked stays as the record of the first run. */
const retry = async (ask: Ask, { change = '' }: Args): Promise<Reply> => {
  const { suiteName, queued } = await ask.execute(beginSuiteAcceptance, { change, again: true });
  return { kind: 'replace', message: triedAgainMessage(suiteName, queued) };
};

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
  forms: suiteForms,
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
