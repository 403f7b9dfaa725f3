import { Big } from 'big.js';
import { subscriptionTypeWords, licenseStatusWords, showYes, unitTypeWords, versionWords } from '../../bot/format.ts';
import type { SummaryRow } from '../../core/customers/customer-summary.ts';
import type { Row, Sheet } from './sheet.ts';

export const customerSummarySheet: Sheet = {
  name: 'Customer summary',
  columns: [
    { head: 'Company', kind: 'text', width: 30 },
    { head: 'Account name', kind: 'text', width: 20 },
    { head: 'City', kind: 'text', width: 16 },
    { head: 'State', kind: 'text', width: 12 },
    { head: 'Country', kind: 'text', width: 10 },
    { head: 'Status', kind: 'text', width: 12 },
    { head: 'Vendor', kind: 'text', width: 20 },
    { head: 'Product/Service', kind: 'text', width: 32 },
    { head: 'Service plan', kind: 'text', width: 28 },
    { head: 'Subscription type', kind: 'text', width: 17 },
    { head: 'Version', kind: 'text', width: 9 },
    { head: 'Units', kind: 'number', width: 9 },
    { head: 'Unit type', kind: 'text', width: 11 },
    { head: 'Start date', kind: 'date', width: 12 },
    { head: 'Expiration date', kind: 'date', width: 15 },
    { head: 'License status', kind: 'text', width: 18 },
    { head: 'Auto-renewal', kind: 'text', width: 13 },
    { head: 'Provisioned (peak)', kind: 'number', width: 18 },
    { head: 'Used (peak)', kind: 'number', width: 12 },
    { head: 'Credits', kind: 'decimal', width: 11 },
  ],
};

export const summaryRow = ({ license, ...customer }: SummaryRow): Row => {
  const { company, account, city, state, country } = customer;
  const who = [company, account, city, state, country, customer.status === 'enabled' ? 'Enabled' : 'Suspended'];
  if (!license) return who;
  return [
    ...who,
    license.vendor,
    license.product,
    license.plan,
    subscriptionTypeWords[license.subscriptionType],
    versionWords[license.version],
    license.units,
    unitTypeWords[license.unitType],
    license.startsOn,
    license.expiresOn,
    licenseStatusWords[license.status],
    showYes(license.autoRenewal),
    license.provisioned,
    license.used,
    license.credits === null ? null : Number(license.credits),
  ];
};

interface Sums {
  units: number;
  provisioned: number | null;
  used: number | null;
  credits: Big | null;
}

const plus = (sum: number | null, more: number | null): number | null => (more === null ? sum : (sum ?? 0) + more);

/** Sums of Units, Provisioned, Used and Credits per product and of all; "all" adds up licence units. */
export class SummaryTotals {
  readonly #products = new Map<string, { readonly vendor: string; readonly product: string } & Sums>();

  add({ license }: SummaryRow): void {
    if (!license) return;
    const { sku, vendor, product } = license;
    let sums = this.#products.get(sku);
    if (!sums) this.#products.set(sku, (sums = { vendor, product, ...nothing() }));
    sums.units += license.units;
    sums.provisioned = plus(sums.provisioned, license.provisioned);
    sums.used = plus(sums.used, license.used);
    if (license.credits !== null) sums.credits = (sums.credits ?? new Big(0)).plus(license.credits);
  }

  get all(): Readonly<Sums> {
    return this.#products.values().reduce<Sums>(
      (all, { units, provisioned, used, credits }) => ({
        units: all.units + units,
        provisioned: plus(all.provisioned, provisioned),
        used: plus(all.used, used),
        credits: credits === null ? all.credits : (all.credits ?? new Big(0)).plus(credits),
      }),
      nothing(),
    );
  }

  rows(): Row[] {
    const products = [...this.#products.values()].toSorted((a, b) => (a.product < b.product ? -1 : 1));
    return [
      ...products.map((sums) => totalRow(sums.vendor, sums.product, sums)),
      totalRow(null, 'All products', this.all),
    ];
  }
}

const nothing = (): Sums => ({ units: 0, provisioned: null, used: null, credits: null });

const totalRow = (vendor: string | null, product: string, { units, provisioned, used, credits }: Sums): Row =>
  customerSummarySheet.columns.map(({ head }) => {
    switch (head) {
      case 'Company':
        return 'Total';
      case 'Vendor':
        return vendor;
      case 'Product/Service':
        return product;
      case 'Units':
        return units;
      case 'Provisioned (peak)':
        return provisioned;
      case 'Used (peak)':
        return used;
      case 'Credits':
        return credits === null ? null : credits.toNumber();
      default:
        return null;
    }
  });

/** `seatwise-customers-brightside-2026-02.xlsx`. */
export const summaryFileName = (partnerSlug: string, cycle: string): string =>
  `seatwise-customers-${partnerSlug}-${cycle}.xlsx`;
