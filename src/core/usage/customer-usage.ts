import type { LicenseVersion, UnitType } from '../catalog/product.ts';

/** What one customer had of one product, version and unit type in a cycle, by the product's usage basis. */
export interface CustomerUsage {
  readonly customerId: string;
  readonly productId: string;
  readonly version: LicenseVersion;
  readonly unitType: UnitType;
  readonly provisioned: number;
  /** Null: not reported. */
  readonly used: number | null;
}

/** A line as the usage records make it, before anybody edits it. Units throughout. */
export interface ProposedLine {
  readonly productId: string;
  readonly version: LicenseVersion;
  readonly unitType: UnitType;
  readonly provisioned: number;
  /** Σ of those customers who reported; null: nobody did. */
  readonly used: number | null;
  readonly usedWithin: number;
  readonly proposed: number;
}

/** What counts as used for charging: never more than was provisioned; all of it where nothing was reported. */
export const usedWithin = ({ provisioned, used }: Pick<CustomerUsage, 'provisioned' | 'used'>): number =>
  used === null ? provisioned : Math.min(used, provisioned);

/** Full licences are charged; trial and NFR lines are listed with nothing to pay. */
export const isCharged = (version: LicenseVersion): boolean => version === 'full';

/** Sums customers to lines, one per product, version and unit type. The order of the customers does not matter. */
export const linesOf = (usages: Iterable<CustomerUsage>): readonly ProposedLine[] => {
  const lines = new Map<string, ProposedLine>();
  for (const usage of usages) {
    const { productId, version, unitType } = usage;
    const key = JSON.stringify([productId, version, unitType]);
    const line = lines.get(key) ?? {
      productId,
      version,
      unitType,
      provisioned: 0,
      used: null,
      usedWithin: 0,
      proposed: 0,
    };
    const within = usedWithin(usage);
    lines.set(key, {
      ...line,
      provisioned: line.provisioned + usage.provisioned,
      used: usage.used === null ? line.used : (line.used ?? 0) + usage.used,
      usedWithin: line.usedWithin + within,
      proposed: line.proposed + (isCharged(version) ? within : 0),
    });
  }
  return [...lines.values()];
};

/**
 * Over-provisioned share in hundredths of a percent, half up: (provisioned − used within) ÷ provisioned. The figure
 * shown is the one compared. Null where nothing was provisioned.
 */
export const overProvisionedShare = (line: {
  readonly provisioned: number;
  readonly usedWithin: number;
}): number | null => {
  if (line.provisioned === 0) return null;
  const unused = BigInt(line.provisioned - line.usedWithin);
  const provisioned = BigInt(line.provisioned);
  return Number((unused * 20_000n + provisioned) / (2n * provisioned));
};

/** `17.65` for 1765; `—` where there is no share. */
export const shareText = (share: number | null): string => (share === null ? '—' : (share / 100).toFixed(2));

/** Above means greater than the threshold (percent), by the figure that is shown. */
export const isAbove = (share: number | null, thresholdPct: number): boolean =>
  share !== null && share > thresholdPct * 100;
