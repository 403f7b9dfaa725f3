import { may } from '../../core/permissions.ts';
import { showUsage } from '../../core/usage/show-usage.ts';
import { present, textAnswer } from '../answers.ts';
import type { Ask, Feature } from '../feature.ts';
import { fitted, none, showMonth, showNumber } from '../format.ts';
import { speak } from '../speak.ts';
import { limits, type Args, type Block, type Button, type Message } from '../view.ts';

const filters = ['customer', 'product', 'cycle'] as const;

/** So far back a month is offered; older ones can be typed. */
const monthsBack = 24;

const monthStep = (cycle: string, months: number): string =>
  Temporal.PlainYearMonth.from(cycle).add({ months }).toString();

const showFigure = (figure: number | null): string => (figure === null ? none : showNumber(figure));

const usageMessage = async (ask: Ask, args: Args): Promise<Message> => {
  const filter = present(Object.fromEntries(filters.map((name) => [name, textAnswer(args, name)]))) as Args;
  const { items, cycle, provisioned, used, page, pages } = await ask.execute(showUsage, {
    ...filter,
    page: args.page ?? '1',
  });
  const month = showMonth(`${cycle}-01`);
  const kept: Args = { ...filter, cycle };
  const turn = (months: number): Button => {
    const to = monthStep(cycle, months);
    return { kind: 'run', label: showMonth(`${to}-01`), action: 'usage.show', args: { ...kept, cycle: to } };
  };
  const running = ask.now.toZonedDateTimeISO(ask.actor.timeZone).toPlainDate().toPlainYearMonth().toString();
  const blocks: Block[] =
    items.length > 0
      ? [
          {
            kind: 'table',
            columns: [
              { label: 'Account name' },
              { label: 'Product/Service' },
              { label: 'Provisioned', align: 'right' },
              { label: 'Used', align: 'right' },
            ],
            rows: items.map((item) => [
              fitted(item.customer, 22),
              fitted(item.productName, 26),
              showNumber(item.provisioned),
              showFigure(item.used),
            ]),
          },
        ]
      : [{ kind: 'text', text: `No usage of ${month} is known.` }];
  if (pages > 1) blocks.push({ kind: 'pager', action: 'usage.show', args: kept, page, pages });
  const ofPartners = ask.actor.tier === 'tier_1' && filter.customer === undefined;
  blocks.push(
    {
      kind: 'context',
      text: `The highest figures of the month.${ofPartners ? ' What your partners use stands in their reports.' : ''}`,
    },
    {
      kind: 'buttons',
      buttons: [
        ...(cycle > monthStep(running, -monthsBack) ? [turn(-1)] : []),
        ...(cycle < running ? [turn(1)] : []),
        ...(may(ask.actor, 'see_reports') ? [speak(`Reports of ${month}`, `report list ${cycle}`)] : []),
      ],
    },
  );
  const figures = `${showFigure(used)} used of ${showNumber(provisioned)} provisioned`;
  return { title: fitted(`Usage in ${month}: ${figures}`, limits.messageTitle), blocks };
};

/** `2026-02 acme`: a month, a customer, both, or nothing. */
const wordsOf = (rest: string): Args => {
  const words = rest.split(/\s+/).filter(Boolean);
  const cycle = words.find((word) => /^\d{4}-\d{2}$/.test(word));
  const customer = words.filter((word) => word !== cycle).join(' ');
  return { ...(cycle && { cycle }), ...(customer && { customer }) };
};

/** Usage against provisioned, by customer and product, month by month. */
export const usageFeature: Feature = {
  commands: [
    {
      words: 'usage show',
      usage: 'usage show [MONTH] [CUSTOMER]',
      does: 'shows usage against provisioned units, by customer and product',
      needs: 'see',
      run: async (ask, rest) => ({ kind: 'message', message: await usageMessage(ask, wordsOf(rest)) }),
    },
  ],
  actions: [
    {
      name: 'usage.show',
      needs: 'see',
      run: async (ask, args) => ({ kind: 'replace', message: await usageMessage(ask, args) }),
    },
  ],
};
