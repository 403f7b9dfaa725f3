import type { z } from 'zod';
import { transactionTypes } from '../../core/licenses/customer-transaction.ts';
import { licenseHistory } from '../../core/licenses/license-history.ts';
import { lastDay } from '../../core/licenses/license-result.ts';
import { listTransactions } from '../../core/licenses/list-transactions.ts';
import type { MoneyLineKind } from '../../core/licenses/money-line.ts';
import { showTransaction } from '../../core/licenses/show-transaction.ts';
import { present, textAnswer } from '../answers.ts';
import type { Ask, Feature, Form } from '../feature.ts';
import {
  fitted,
  licenseStatusWords,
  none,
  showCount,
  showDay,
  showDelta,
  showInstant,
  showMoney,
  showReason,
  showUnits,
} from '../format.ts';
import { bold, limits, type Answers, type Args, type Block, type Button, type Message, type Row } from '../view.ts';
import { showCustomerButton } from './customer-card.ts';
import { historyButton } from './license-card.ts';

type Listed = z.output<typeof listTransactions.result>['items'][number];
type History = z.output<typeof licenseHistory.result>;

const filters = ['customer', 'license', 'type', 'product', 'from', 'to'] as const;
type Filter = Partial<Record<(typeof filters)[number], string>>;

const chosen = (from: Args | Answers): Filter =>
  present(Object.fromEntries(filters.map((name) => [name, textAnswer(from, name)])));

const transactionsOf = (customer: string): Button => ({
  kind: 'run',
  label: 'All of the customer',
  action: 'transactions.open',
  args: { customer },
});

const plansOf = ({ planBefore, planAfter }: Pick<Listed, 'planBefore' | 'planAfter'>): string =>
  planBefore === null || planBefore === planAfter
    ? (planAfter ?? 'Unbundled')
    : `${planBefore} → ${planAfter ?? 'no plan'}`;

const changeOf = ({ delta, unitType }: Pick<Listed, 'delta' | 'unitType'>): string =>
  delta === 0 ? 'units as before' : showDelta(delta, unitType);

const rowOf = (item: Listed, timeZone: string): Row => ({
  title: [bold(showReason(item.reason)), ` · ${item.productName} · `, bold(changeOf(item))],
  detail: [
    item.type,
    showInstant(item.at, timeZone),
    ...(dayIn(item.at, timeZone) === item.effectiveOn ? [] : [`effective ${showDay(item.effectiveOn)}`]),
    `${item.company} (${item.customer})`,
    plansOf(item),
    ...(item.delta === 0 ? [] : [`${item.unitsBefore} → ${showUnits(item.unitsAfter, item.unitType)}`]),
    ...(item.amount ? [showMoney(item.amount)] : []),
    `by ${item.by ?? 'the system'}`,
  ].join(' · '),
  button: historyButton(item.licenseId, 'History'),
});

const dayIn = (at: string, timeZone: string): string =>
  Temporal.Instant.from(at).toZonedDateTimeISO(timeZone).toPlainDate().toString();

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);
const dayWords = (text: string): string => (isDay(text) ? showDay(text) : text);

const chosenWords = ({ customer, license, type, product, from, to }: Filter): string =>
  [
    ...(customer === undefined ? [] : [`customer ${customer}`]),
    ...(license === undefined ? [] : ['one license']),
    ...(type === undefined ? [] : [type]),
    ...(product === undefined ? [] : [`product ${product}`]),
    ...(from === undefined && to === undefined
      ? []
      : [
          from === undefined
            ? `written until ${dayWords(to!)}`
            : to === undefined
              ? `written since ${dayWords(from)}`
              : `written ${dayWords(from)} to ${dayWords(to)}`,
        ]),
  ].join(' · ');

const listMessage = async (ask: Ask, args: Args): Promise<Message> => {
  const filter = chosen(args);
  const found = await ask.execute(listTransactions, { ...filter, page: args.page ?? '1' });
  const { items, total, pages } = found;
  const words = chosenWords(filter);
  const blocks: Block[] =
    items.length > 0
      ? [{ kind: 'rows', rows: items.map((item) => rowOf(item, ask.actor.timeZone)) }]
      : [
          {
            kind: 'text',
            text:
              words === ''
                ? 'Whatever changes in licenses will stand here: assignments, units, renewals, removals.'
                : 'Nothing was written for this choice.',
          },
        ];
  if (words !== '') blocks.unshift({ kind: 'context', text: `Chosen: ${words}` });
  if (pages > 1)
    blocks.push({ kind: 'pager', action: 'transactions.list', args: filter as Args, page: found.page, pages });
  blocks.push({
    kind: 'buttons',
    buttons: [
      { kind: 'form', label: 'Filter…', form: 'transactions', context: filter as Args },
      ...(words === '' ? [] : [{ kind: 'run', label: 'Show all', action: 'transactions.list', args: {} } as const]),
    ],
  });
  return {
    title: fitted(total === 0 ? 'No transactions' : showCount(total, 'transaction'), limits.messageTitle),
    blocks,
  };
};

const proofBlock = ({ proof, license }: History): Block => {
  const sum = showUnits(proof.sum, license.unitType);
  const held = showUnits(proof.units, license.unitType);
  const on = showDay(proof.on);
  return proof.agrees
    ? {
        kind: 'notice',
        tone: 'success',
        text: ['The changes in effect on ', bold(on), ' add up: Σ = ', bold(sum), ', as many as the license has.'],
      }
    : {
        kind: 'notice',
        tone: 'danger',
        text: [
          'The changes in effect on ',
          bold(on),
          ' add up to ',
          bold(sum),
          ', but the license has ',
          bold(held),
          '.',
        ],
      };
};

const historyRow = (item: History['items'][number], timeZone: string): Row => ({
  title: [
    bold(showDay(item.effectiveOn)),
    ` · ${showReason(item.reason)} · `,
    bold(changeOf(item)),
    ` · Σ ${showUnits(item.running, item.unitType)}`,
  ],
  detail: [
    ...(item.effective ? [] : ['not in effect yet']),
    plansOf(item),
    `written ${showInstant(item.at, timeZone)}`,
    ...(item.amount ? [showMoney(item.amount)] : []),
    `by ${item.by ?? 'the system'}`,
  ].join(' · '),
  button: { kind: 'run', label: 'Details', action: 'transactions.row', args: { transaction: item.transactionId } },
});

const historyMessage = async (ask: Ask, { license: named = '', page = '1' }: Args): Promise<Message> => {
  const found = await ask.execute(licenseHistory, { license: named, page });
  const { license, items, pages } = found;
  const args = { license: license.licenseId };
  return {
    title: fitted(`History of ${license.productName}, ${license.company}`, limits.messageTitle),
    blocks: [
      {
        kind: 'facts',
        facts: [
          { label: 'Units', value: [bold(showUnits(license.units, license.unitType))] },
          { label: 'License status', value: licenseStatusWords[license.status] },
          { label: 'Service plan', value: license.plan ?? 'Unbundled' },
          { label: 'Account name', value: license.customer },
          { label: 'Start date', value: showDay(license.startsOn) },
          { label: 'Expiration date', value: showDay(license.expiresOn) },
        ],
      },
      proofBlock(found),
      { kind: 'rows', rows: items.map((item) => historyRow(item, ask.actor.timeZone)) },
      ...(pages > 1 ? [{ kind: 'pager', action: 'transactions.history', args, page: found.page, pages } as const] : []),
      { kind: 'buttons', buttons: [transactionsOf(license.customer), showCustomerButton(license.customer)] },
    ],
  };
};

const moneyWords: Readonly<Record<MoneyLineKind, string>> = {
  charge: 'Charge',
  credit: 'Credit',
  proration: 'Proration',
  usage: 'Usage',
  correction: 'Correction',
};

const rowMessage = async (ask: Ask, transaction: string): Promise<Message> => {
  const item = await ask.execute(showTransaction, { transaction });
  const { money } = item;
  const term =
    item.startsOn === null || item.endsOn === null
      ? none
      : `${showDay(item.startsOn)} to ${showDay(lastDay(item.endsOn))}`;
  return {
    title: fitted(`${showReason(item.reason)}: ${item.productName}, ${item.company}`, limits.messageTitle),
    blocks: [
      {
        kind: 'facts',
        facts: [
          { label: 'Type', value: item.type },
          { label: 'Change', value: [bold(changeOf(item))] },
          { label: 'Units', value: `${item.unitsBefore} → ${showUnits(item.unitsAfter, item.unitType)}` },
          { label: 'Service plan', value: plansOf(item) },
          { label: 'Account name', value: item.customer },
          { label: 'Product/Service', value: `${item.productName} (${item.product})` },
          { label: 'Term', value: term },
          { label: 'Effective', value: showDay(item.effectiveOn) },
          { label: 'Written', value: showInstant(item.at, ask.actor.timeZone) },
          { label: 'By', value: item.by ?? 'The system' },
        ],
      },
      ...(money === null
        ? []
        : money.length === 0
          ? [{ kind: 'context', text: 'No amounts: this cost nothing.' } as const]
          : [
              {
                kind: 'table',
                columns: [{ label: 'Amounts' }, { label: 'Effective' }, { label: 'Amount', align: 'right' }],
                rows: [
                  ...money
                    .slice(0, limits.tableRows - 1)
                    .map((line) => [moneyWords[line.kind], showDay(line.effectiveOn), showMoney(line.amount)]),
                  ['Sum', '', showMoney(item.amount)],
                ],
              } as const,
            ]),
      { kind: 'buttons', buttons: [historyButton(item.licenseId), showCustomerButton(item.customer)] },
    ],
  };
};

const filterForm: Form = {
  name: 'transactions',
  needs: 'see',
  steps: [
    {
      fields: ['customer', 'type', 'product', 'from', 'to'],
      // oxlint-disable-next-line require-await -- nothing has to be read
      async draw(_ask, { customer, type, product, from, to }) {
        return {
          title: 'Transactions',
          submit: 'Show',
          fields: [
            {
              kind: 'lookup',
              name: 'customer',
              label: 'Customer',
              source: 'customer',
              optional: true,
              ...(customer && { value: { value: customer, label: fitted(customer, limits.optionLabel) } }),
            },
            {
              kind: 'select',
              name: 'type',
              label: 'Type',
              options: transactionTypes.map((word) => ({ value: word, label: word })),
              optional: true,
              ...(type && { value: type }),
            },
            {
              kind: 'lookup',
              name: 'product',
              label: 'Product/Service',
              source: 'product',
              optional: true,
              ...(product && { value: { value: product, label: fitted(product, limits.optionLabel) } }),
            },
            {
              kind: 'date',
              name: 'from',
              label: 'From',
              hint: 'The first day on which it was written',
              optional: true,
              ...(from && { value: from }),
            },
            {
              kind: 'date',
              name: 'to',
              label: 'To',
              hint: 'The last day, included',
              optional: true,
              ...(to && { value: to }),
            },
          ],
        };
      },
    },
  ],
  submit: async (ask, answers) => ({ kind: 'message', message: await listMessage(ask, chosen(answers) as Args) }),
};

/** `purchase` means `New purchase`, `change` `License change`; what is not clear is left to be refused. */
const typeOf = (typed: string): string => {
  const said = typed.toLowerCase();
  const [near, other] = transactionTypes
    .filter((type) => type.toLowerCase().includes(said))
    .toSorted((one, another) => one.length - another.length);
  return near && (!other || near.toLowerCase().endsWith(said)) ? near : typed;
};

/** `acme type:purchase product:WFS from:2026-01-01 to:2026-03-31`, `acme 2026-02`: a customer, and what narrows it. */
const wordsOf = (rest: string): Args => {
  const given: Record<string, string> = {};
  const month = /(?<!\S)\d{4}-(?:0[1-9]|1[0-2])(?!\S)/.exec(rest)?.[0];
  if (month !== undefined) {
    const { daysInMonth } = Temporal.PlainYearMonth.from(month);
    given.from = `${month}-01`;
    given.to = `${month}-${daysInMonth}`;
  }
  // A value reaches to the next key, so that a type or product of several words needs no quotes.
  const [customer = '', ...keyed] = ` ${month === undefined ? rest : rest.replace(month, '')}`.split(
    /\s+(?=(?:customer|license|type|product|from|to):)/i,
  );
  if (customer.trim() !== '') given.customer = customer.trim().replaceAll(/\s+/g, ' ');
  for (const part of keyed) {
    const [, key = '', value = ''] = /^(\w+):\s*(.*)$/s.exec(part) ?? [];
    if (value.trim() !== '') given[key.toLowerCase()] = value.trim();
  }
  return { ...given, ...(given.type !== undefined && { type: typeOf(given.type) }) };
};

/** The ledger of what changed: the list and its filters, a license's whole history with its proof, a row's amounts. */
export const transactionsFeature: Feature = {
  commands: [
    {
      words: 'transactions',
      usage: 'transactions [CUSTOMER] [MONTH] [type:TYPE] [product:PRODUCT] [from:DAY] [to:DAY]',
      does: 'shows what changed in licenses, when and by whom',
      needs: 'see',
      shortcut: 'Transactions',
      run: async (ask, rest) => ({ kind: 'message', message: await listMessage(ask, wordsOf(rest)) }),
    },
  ],
  forms: [filterForm],
  actions: [
    {
      name: 'transactions.list',
      needs: 'see',
      run: async (ask, args) => ({ kind: 'replace', message: await listMessage(ask, args) }),
    },
    {
      name: 'transactions.open',
      needs: 'see',
      run: async (ask, args) => ({ kind: 'message', message: await listMessage(ask, args) }),
    },
    {
      name: 'transactions.license',
      needs: 'see',
      run: async (ask, args) => ({ kind: 'message', message: await historyMessage(ask, args) }),
    },
    {
      name: 'transactions.history',
      needs: 'see',
      run: async (ask, args) => ({ kind: 'replace', message: await historyMessage(ask, args) }),
    },
    {
      name: 'transactions.row',
      needs: 'see',
      run: async (ask, { transaction = '' }) => ({ kind: 'message', message: await rowMessage(ask, transaction) }),
    },
  ],
};
