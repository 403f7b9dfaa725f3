import type { z } from 'zod';
import { transactionTypes } from '../../core/licenses/customer-transaction.ts';
import { listTransactions } from '../../core/licenses/list-transactions.ts';
import { present, textAnswer } from '../answers.ts';
import type { Ask, Feature, Form } from '../feature.ts';
import { fitted, showCount, showDay, showDelta, showInstant, showMoney, showUnits } from '../format.ts';
import { bold, limits, type Answers, type Args, type Block, type Message, type Row } from '../view.ts';

type Listed = z.output<typeof listTransactions.result>['items'][number];

const filters = ['customer', 'type', 'product', 'from', 'to'] as const;

const chosen = (from: Args | Answers): Partial<Record<(typeof filters)[number], string>> =>
  present(Object.fromEntries(filters.map((name) => [name, textAnswer(from, name)])));

const rowOf = (item: Listed, timeZone: string): Row => ({
  title: [bold(item.type), ` · ${item.productName} · `, bold(showDelta(item.delta, item.unitType))],
  detail: [
    showInstant(item.at, timeZone),
    ...(item.at.startsWith(item.effectiveOn) ? [] : [`effective ${showDay(item.effectiveOn)}`]),
    `${item.company} (${item.customer})`,
    [item.planBefore, item.planAfter].filter((plan) => plan !== null).join(' → '),
    `${item.unitsBefore} → ${showUnits(item.unitsAfter, item.unitType)}`,
    ...(item.amount ? [showMoney(item.amount)] : []),
    `by ${item.by ?? 'the system'}`,
  ]
    .filter(Boolean)
    .join(' · '),
});

const listMessage = async (ask: Ask, args: Args): Promise<Message> => {
  const filter = chosen(args);
  const found = await ask.execute(listTransactions, { ...filter, page: args.page ?? '1' });
  const { items, total, pages } = found;
  const words = Object.values(filter);
  const blocks: Block[] =
    items.length > 0
      ? [{ kind: 'rows', rows: items.map((item) => rowOf(item, ask.actor.timeZone)) }]
      : [{ kind: 'text', text: 'Nothing was written for this choice.' }];
  if (words.length > 0) blocks.unshift({ kind: 'context', text: `Chosen: ${words.join(' · ')}` });
  if (pages > 1)
    blocks.push({ kind: 'pager', action: 'transactions.list', args: filter as Args, page: found.page, pages });
  blocks.push({
    kind: 'buttons',
    buttons: [{ kind: 'form', label: 'Filter…', form: 'transactions', context: filter as Args }],
  });
  return {
    title: fitted(total === 0 ? 'No transactions' : showCount(total, 'transaction'), limits.messageTitle),
    blocks,
  };
};

const filterForm: Form = {
  name: 'transactions',
  needs: 'see',
  steps: [
    {
      fields: filters,
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
            { kind: 'date', name: 'from', label: 'From', optional: true, ...(from && { value: from }) },
            { kind: 'date', name: 'to', label: 'To', optional: true, ...(to && { value: to }) },
          ],
        };
      },
    },
  ],
  submit: async (ask, answers) => ({ kind: 'message', message: await listMessage(ask, chosen(answers) as Args) }),
};

/** The ledger of what changed, newest first. */
export const transactionsFeature: Feature = {
  commands: [
    {
      words: 'transactions',
      usage: 'transactions [CUSTOMER]',
      does: 'shows what changed in licenses, when and by whom',
      needs: 'see',
      shortcut: 'Transactions',
      run: async (ask, rest) => ({
        kind: 'message',
        message: await listMessage(ask, rest ? { customer: rest } : {}),
      }),
    },
  ],
  forms: [filterForm],
  actions: [
    {
      name: 'transactions.list',
      needs: 'see',
      run: async (ask, args) => ({ kind: 'replace', message: await listMessage(ask, args) }),
    },
  ],
};
