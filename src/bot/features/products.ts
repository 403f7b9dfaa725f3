import type { z } from 'zod';
import { listProducts } from '../../core/catalog/list-products.ts';
import { showProduct } from '../../core/catalog/show-product.ts';
import { rule } from '../../core/errors.ts';
import { may } from '../../core/permissions.ts';
import { refusalText } from '../../texts/refusal-text.ts';
import type { Ask, Feature, Lookup } from '../feature.ts';
import {
  fitted,
  none,
  showCount,
  showCredits,
  showDay,
  showMoney,
  showNumber,
  showUnits,
  subscriptionTypeWords,
  unitTypeWords,
  versionWords,
} from '../format.ts';
import { bold, limits, type Args, type Block, type Fact, type Message } from '../view.ts';

type Shown = z.output<typeof showProduct.result>;
type Listed = z.output<typeof listProducts.result>['items'][number];

const kindWords = { service: 'Service', software: 'Software', suite: 'Suite' } as const;
const basisWords = {
  peak_each: 'Highest of the cycle, provisioned and used each on its own',
  peak_day: 'The day with the most provisioned units',
  none: 'Not measured',
} as const;

const elsewhere = (name: string): string =>
  refusalText(rule('catalog.customer_overview', { params: { product: name } }));

const creditsPer = (credits: string | null, unitTypes: Listed['unitTypes']): string =>
  credits === null ? none : `${showCredits(credits)} per ${unitTypeWords[unitTypes[0]!].toLowerCase()}`;

const detailOf = (product: Listed): string =>
  [
    product.sku,
    kindWords[product.kind],
    product.vendor,
    ...(product.credits === null ? [] : [creditsPer(product.credits, product.unitTypes)]),
    ...(product.sale === 'end_of_sale' ? ['End of sale'] : []),
    ...(product.provisioning === 'customer_overview' ? ['In Customer Overview'] : []),
  ].join(' · ');

const listMessage = async (ask: Ask, { search = '', page = '1' }: Args): Promise<Message> => {
  const found = await ask.execute(listProducts, { ...(search && { search }), page });
  const { items, total, pages } = found;
  const counted = total === 0 ? 'No products' : showCount(total, 'product');
  const blocks: Block[] =
    items.length > 0
      ? [
          {
            kind: 'rows',
            rows: items.map((product) => ({
              title: [bold(product.name)],
              detail: detailOf(product),
              button: { kind: 'run', label: 'Show', action: 'product.show', args: { product: product.sku } },
            })),
          },
        ]
      : [{ kind: 'text', text: search ? 'No name, SKU or vendor has these letters.' : 'The catalogue is empty.' }];
  if (pages > 1) blocks.push({ kind: 'pager', action: 'product.list', args: { search }, page: found.page, pages });
  return { title: search ? fitted(`${counted} for “${search}”`, limits.messageTitle) : counted, blocks };
};

const factsOf = (product: Shown): Fact[] => [
  { label: 'SKU', value: product.sku },
  { label: 'Kind', value: kindWords[product.kind] },
  { label: 'Vendor', value: product.vendor },
  { label: 'Version', value: product.versions.map((version) => versionWords[version]).join(', ') },
  { label: 'Unit type', value: product.unitTypes.map((unitType) => unitTypeWords[unitType]).join(', ') },
  { label: 'Credits', value: creditsPer(product.credits, product.unitTypes) },
  ...(product.kind === 'suite' ? [] : [{ label: 'Usage', value: basisWords[product.usageBasis] }]),
  ...(product.dataCentres.length > 0 ? [{ label: 'Data centre', value: product.dataCentres.join(', ') }] : []),
  ...(product.nfrUnits === null
    ? []
    : [{ label: 'NFR', value: showUnits(product.nfrUnits, product.unitTypes[0] ?? 'seat') }]),
];

const saleBlocks = ({ sale, endOfSaleOn, endOfLifeOn }: Shown): Block[] => {
  if (sale === 'end_of_life') {
    return [{ kind: 'notice', tone: 'warning', text: `End of life since ${showDay(endOfLifeOn!)}.` }];
  }
  if (sale === 'end_of_sale') {
    const life = endOfLifeOn ? ` Its life ends on ${showDay(endOfLifeOn)}.` : '';
    return [{ kind: 'notice', tone: 'warning', text: `End of sale since ${showDay(endOfSaleOn!)}.${life}` }];
  }
  if (endOfSaleOn) return [{ kind: 'notice', tone: 'info', text: `It is sold until ${showDay(endOfSaleOn)}.` }];
  return endOfLifeOn ? [{ kind: 'notice', tone: 'info', text: `Its life ends on ${showDay(endOfLifeOn)}.` }] : [];
};

const priceBlocks = ({ prices, kind }: Shown): Block[] => {
  if (prices === null) return [];
  if (kind === 'suite') return [{ kind: 'context', text: 'A suite has no price: each of its products has its own.' }];
  if (prices.length === 0) return [{ kind: 'text', text: 'The price list has no price in your currency today.' }];
  const shown = prices.slice(0, limits.tableRows);
  return [
    { kind: 'heading', text: 'Prices today' },
    {
      kind: 'table',
      columns: [
        { label: 'Subscription type' },
        { label: 'Version' },
        { label: 'From units', align: 'right' },
        { label: 'Price per unit', align: 'right' },
      ],
      rows: shown.map(({ subscriptionType, version, fromUnits, price }) => [
        subscriptionTypeWords[subscriptionType],
        versionWords[version],
        showNumber(fromUnits),
        `${showMoney(price)} a ${subscriptionType === 'monthly_plan' ? 'month' : 'year'}`,
      ]),
    },
    ...(prices.length > shown.length
      ? [{ kind: 'context', text: `The first ${shown.length} of ${prices.length} breaks.` } as const]
      : []),
  ];
};

const showMessage = async (ask: Ask, named: string): Promise<Message> => {
  const product = await ask.execute(showProduct, { product: named });
  const isElsewhere = product.provisioning === 'customer_overview';
  const components = product.components.map(({ name, kind }) => (kind === 'suite' ? `${name} (suite)` : name));
  const maySell = may(ask.actor, 'license') && !isElsewhere && product.sale === 'on_sale';
  return {
    title: product.name,
    blocks: [
      ...(isElsewhere ? [{ kind: 'notice', tone: 'info', text: elsewhere(product.name) } as const] : []),
      ...saleBlocks(product),
      { kind: 'facts', facts: factsOf(product) },
      ...(components.length > 0
        ? [{ kind: 'text', text: [bold('Products: '), fitted(components.join(', '), limits.text - 20)] } as const]
        : []),
      ...priceBlocks(product),
      ...(maySell
        ? [
            {
              kind: 'buttons',
              buttons: [
                {
                  kind: 'run',
                  label: 'Create a plan',
                  action: 'command',
                  args: { text: `plan create ${product.sku}` },
                  style: 'primary',
                },
              ],
            } as const,
          ]
        : []),
    ],
  };
};

const productLookup: Lookup = {
  source: 'product',
  needs: 'see',
  async find(ask, typed) {
    const { items } = await ask.execute(listProducts, { ...(typed.trim() && { search: typed.trim().slice(0, 120) }) });
    return items.map(({ sku, name, vendor }) => ({
      value: sku,
      label: fitted(name, limits.optionLabel),
      description: fitted(`${sku} · ${vendor}`, limits.optionLabel),
    }));
  },
};

/** The catalogue: what there is, and one product with all that a plan of it must know. */
export const productsFeature: Feature = {
  commands: [
    {
      words: 'product list',
      usage: 'product list [SEARCH]',
      does: 'lists the products and services',
      needs: 'see',
      shortcut: 'Products',
      run: async (ask, rest) => ({ kind: 'message', message: await listMessage(ask, { search: rest.slice(0, 120) }) }),
    },
    {
      words: 'product show',
      usage: 'product show PRODUCT',
      does: 'shows a product with its settings',
      needs: 'see',
      run: async (ask, rest) => ({
        kind: 'message',
        message: rest ? await showMessage(ask, rest) : await listMessage(ask, {}),
      }),
    },
  ],
  actions: [
    {
      name: 'product.list',
      needs: 'see',
      run: async (ask, args) => ({ kind: 'replace', message: await listMessage(ask, args) }),
    },
    {
      name: 'product.show',
      needs: 'see',
      run: async (ask, { product = '' }) => ({ kind: 'message', message: await showMessage(ask, product) }),
    },
  ],
  lookups: [productLookup],
};
