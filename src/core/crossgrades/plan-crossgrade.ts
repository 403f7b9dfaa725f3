import { daysBetween, isBefore, isOnOrAfter } from '../calendar.ts';
import type { CatalogProduct } from '../catalog/reads.ts';
import { invalid, rule } from '../errors.ts';
import type { CustomerTransaction, TransactionType } from '../licenses/customer-transaction.ts';
import type { License, LicenseTerm } from '../licenses/license.ts';
import { isOpen } from '../licenses/license-status.ts';
import type { IssuedLicense } from '../licenses/license-terms.ts';
import { proration } from '../money/annual.ts';
import type { ServicePlan } from '../plans/service-plan.ts';

/** An open licence of the customer, and what the ledger says of it by day. */
export interface Held {
  readonly license: Readonly<License>;
  readonly product: CatalogProduct;
  readonly ledger: readonly { readonly effectiveOn: string; readonly delta: number }[];
}

/** How a duplicate of a software product is resolved; a service always moves. */
export interface Choice {
  readonly mode: 'transfer' | 'new';
  /** First day of a new licence. */
  readonly startsOn?: Temporal.PlainDate | undefined;
}

export interface CrossgradeQuestion {
  readonly plan: ServicePlan;
  /** What the plan gives licences of today. */
  readonly components: readonly CatalogProduct[];
  /** Default: the largest of the licences that stand in the way, or the plan's number. */
  readonly units: number | undefined;
  readonly today: Temporal.PlainDate;
  readonly held: readonly Held[];
  /** By SKU. */
  readonly choices: Readonly<Record<string, Choice>>;
  /** By SKU, for what the new plan lacks; default: kept. */
  readonly leftovers: Readonly<Record<string, 'keep' | 'remove'>>;
  readonly issue: (
    components: readonly CatalogProduct[],
    units: number,
    startsOn: Temporal.PlainDate,
  ) => readonly IssuedLicense[];
}

export type Outcome = 'transferred' | 'ending' | 'superseded' | 'unbundled' | 'removed';

export interface MoneyDraft {
  readonly kind: 'charge' | 'credit';
  readonly minor: bigint;
  readonly currency: string;
}

/** A ledger row to be written, with its money. */
export interface RowDraft extends Pick<
  CustomerTransaction,
  'effectiveOn' | 'productId' | 'planBeforeId' | 'planAfterId' | 'reason' | 'unitsBefore' | 'delta' | 'unitsAfter'
> {
  readonly type: TransactionType;
  readonly termBefore: CustomerTransaction['termBefore'];
  readonly termAfter: CustomerTransaction['termAfter'];
  readonly money: readonly MoneyDraft[];
}

/** What becomes of a licence that is held. */
export interface HeldChange {
  readonly held: Held;
  readonly outcome: Outcome;
  /** The fields that change; the new assignment's id is not known yet. */
  readonly set: Partial<License>;
  readonly rows: readonly RowDraft[];
}

/** A licence that is not there yet. */
export interface FreshLicense {
  readonly issued: IssuedLicense;
  readonly row: RowDraft;
}

export interface CrossgradePlan {
  readonly units: number;
  readonly changes: readonly HeldChange[];
  readonly fresh: readonly FreshLicense[];
  /** Software that stands in the way: its new licence may start from `earliest` to `latest`. */
  readonly asks: readonly {
    readonly product: CatalogProduct;
    readonly earliest: Temporal.PlainDate;
    /** Null: no new licence can follow this one. */
    readonly latest: Temporal.PlainDate | null;
  }[];
}

const day = (iso: string): Temporal.PlainDate => Temporal.PlainDate.from(iso);

/** Units on a day by the ledger; before the first term those of its first day. */
const unitsOn = ({ license, ledger }: Held, on: Temporal.PlainDate): number => {
  const asked = isBefore(on, license.startsOn) ? license.startsOn : on;
  return ledger.reduce((sum, { effectiveOn, delta }) => (isOnOrAfter(asked, day(effectiveOn)) ? sum + delta : sum), 0);
};

/** Units by the rows that are effective by a day, and no more. */
const effectiveUnits = ({ ledger }: Held, on: Temporal.PlainDate): number =>
  ledger.reduce((sum, { effectiveOn, delta }) => (isOnOrAfter(on, day(effectiveOn)) ? sum + delta : sum), 0);

/** The term that runs on a day; before the first, the first; after the last, the last. */
const termOn = ({ terms }: Pick<License, 'terms'>, on: Temporal.PlainDate): LicenseTerm | null =>
  terms.findLast(({ startsOn }) => isOnOrAfter(on, day(startsOn))) ?? terms[0] ?? null;

const bounds = (term: Pick<LicenseTerm, 'startsOn' | 'endsOn'> | null): CustomerTransaction['termBefore'] =>
  term && { startsOn: term.startsOn, endsOn: term.endsOn };

/** The terms as far as a day; what would begin on it or later is dropped. */
const termsUntil = (terms: readonly LicenseTerm[], end: Temporal.PlainDate): LicenseTerm[] =>
  terms
    .filter(({ startsOn }) => isBefore(day(startsOn), end))
    .map((term) => (isBefore(end, day(term.endsOn)) ? { ...term, endsOn: end.toString() } : term));

/** What is left of what was charged for a licence: one credit for each term that is not over. */
const creditsOf = (held: Held, today: Temporal.PlainDate): MoneyDraft[] =>
  held.license.terms.flatMap(({ startsOn, endsOn, yearlyPrice, months, currency }) => {
    if (yearlyPrice === null || currency === null || !isBefore(today, day(endsOn))) return [];
    const minor = -proration(
      { yearlyPrice, months: months ?? 0, currency },
      unitsOn(held, latest(today, day(startsOn))),
      {
        daysLeft: daysBetween(today, day(endsOn)),
        daysInTerm: daysBetween(day(startsOn), day(endsOn)),
      },
    );
    return minor === 0n ? [] : [{ kind: 'credit' as const, minor, currency }];
  });

const latest = (a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate => (isBefore(a, b) ? b : a);

/** Rows that take back, on their own days, what is not effective before a day: the last first. */
const takeBacks = (
  held: Held,
  from: Temporal.PlainDate,
  row: Pick<RowDraft, 'reason' | 'planAfterId'>,
): { rows: RowDraft[]; left: number } => {
  const later = held.ledger.filter(({ effectiveOn, delta }) => delta !== 0 && isOnOrAfter(day(effectiveOn), from));
  let left = held.ledger.reduce((sum, { delta }) => sum + delta, 0);
  const rows = later.toReversed().map(({ effectiveOn, delta }): RowDraft => {
    const unitsBefore = left;
    left -= delta;
    const term = bounds(termOn(held.license, day(effectiveOn)));
    return {
      ...row,
      type: 'License change',
      effectiveOn: day(effectiveOn),
      productId: held.product.id,
      planBeforeId: held.license.planId,
      unitsBefore,
      delta: -delta,
      unitsAfter: left,
      termBefore: term,
      termAfter: term,
      money: [],
    };
  });
  return { rows, left };
};

/** A row of today. Where it carries nothing beside rows that say it all, it is left out and they carry its money. */
const close = (rows: readonly RowDraft[], own: RowDraft | null, money: readonly MoneyDraft[]): RowDraft[] => {
  if (own) return [...rows, { ...own, money }];
  return rows.map((row, index) => (index === rows.length - 1 ? { ...row, money } : row));
};

const transfer = (held: Held, issued: IssuedLicense, plan: ServicePlan, units: number, today: Temporal.PlainDate) => {
  const { license, product } = held;
  const { rows, left } = takeBacks(held, today.add({ days: 1 }), { reason: 'crossgrade', planAfterId: plan.id });
  const terms = [...termsUntil(license.terms, today), issued.term];
  const becomesFull = license.version === 'trial' && plan.version === 'full';
  const own: RowDraft = {
    type: becomesFull ? 'License conversion' : 'License change',
    reason: 'crossgrade',
    effectiveOn: today,
    productId: product.id,
    planBeforeId: license.planId,
    planAfterId: plan.id,
    unitsBefore: left,
    delta: units - left,
    unitsAfter: units,
    termBefore: bounds(termOn(license, today)),
    termAfter: bounds(issued.term),
    money: [],
  };
  return {
    held,
    outcome: 'transferred',
    set: {
      planId: plan.id,
      version: plan.version,
      subscriptionType: plan.subscriptionType,
      units,
      unitsAtRenewal: null,
      terms,
      startsOn: day(terms[0]!.startsOn),
      endsOn: issued.endsOn,
      autoRenewal: plan.settings.autoRenewal,
      notifyDays: plan.settings.notifyDays,
      graceDays: issued.graceDays,
    },
    rows: close(rows, own, [...creditsOf(held, today), ...chargeOf(issued)]),
  } satisfies HeldChange;
};

const chargeOf = ({ charge, term }: IssuedLicense): MoneyDraft[] =>
  charge === 0n || term.currency === null ? [] : [{ kind: 'charge', minor: charge, currency: term.currency }];

/** The old licence stands until the new one starts: no grace, no credit. */
const end = (held: Held, endsOn: Temporal.PlainDate, today: Temporal.PlainDate): HeldChange => {
  const { license, product } = held;
  const { rows } = takeBacks(held, latest(endsOn, today.add({ days: 1 })), {
    reason: 'crossgrade',
    planAfterId: license.planId,
  });
  const before = termsUntil(license.terms, endsOn);
  // One that would end on its first day keeps an empty term: it has to have one.
  const terms =
    before.length > 0 ? before : license.terms.slice(0, 1).map((term) => ({ ...term, endsOn: term.startsOn }));
  const units = effectiveUnits(held, today);
  return {
    held,
    outcome: 'ending',
    set: { terms, endsOn: day(terms.at(-1)!.endsOn), autoRenewal: false, unitsAtRenewal: null, graceDays: 0 },
    rows: [
      ...rows,
      {
        type: 'License change',
        reason: 'crossgrade',
        effectiveOn: today,
        productId: product.id,
        planBeforeId: license.planId,
        planAfterId: license.planId,
        unitsBefore: units,
        delta: 0,
        unitsAfter: units,
        termBefore: bounds(termOn(license, today)),
        termAfter: bounds(terms.at(-1)!),
        money: [],
      },
    ],
  };
};

/** Removed as of today; only a licence that never began is credited. */
const remove = (held: Held, today: Temporal.PlainDate, outcome: 'removed' | 'superseded'): HeldChange => {
  const { license, product } = held;
  const reason = outcome === 'removed' ? 'removal' : 'crossgrade';
  const { rows, left } = takeBacks(held, today.add({ days: 1 }), { reason, planAfterId: null });
  const own: RowDraft = {
    type: 'License change',
    reason,
    effectiveOn: today,
    productId: product.id,
    planBeforeId: license.planId,
    planAfterId: null,
    unitsBefore: left,
    delta: -left,
    unitsAfter: 0,
    termBefore: bounds(termOn(license, today)),
    termAfter: null,
    money: [],
  };
  const credits = isBefore(today, license.startsOn) ? creditsOf(held, today) : [];
  return {
    held,
    outcome,
    set: { units: 0, unitsAtRenewal: null, removedOn: today },
    rows: close(rows, left === 0 && rows.length > 0 ? null : own, credits),
  };
};

/** A licence without a plan: it runs to its end and does not renew. */
const unbundle = (held: Held, today: Temporal.PlainDate): HeldChange => {
  const { license, product } = held;
  const units = effectiveUnits(held, today);
  const term = bounds(termOn(license, today));
  return {
    held,
    outcome: 'unbundled',
    set: { assignmentId: null, planId: null, autoRenewal: false, unitsAtRenewal: null },
    rows: [
      {
        type: 'License change',
        reason: 'unbundled',
        effectiveOn: today,
        productId: product.id,
        planBeforeId: license.planId,
        planAfterId: null,
        unitsBefore: units,
        delta: 0,
        unitsAfter: units,
        termBefore: term,
        termAfter: term,
        money: [],
      },
    ],
  };
};

/** Where a new licence of software may start: from today to the day on which the old one ends. */
const startRange = ({ license }: Held, today: Temporal.PlainDate) => {
  // One that has not begun yet must have a day of its own.
  const first = isBefore(today, license.startsOn) ? license.startsOn.add({ days: 1 }) : today;
  return { earliest: first, latest: isBefore(license.endsOn, first) ? null : license.endsOn };
};

/** The day on which the new licence of a duplicate starts, or null: it moves. @throws Refusal naming `choices`. */
const newStart = (held: Held, choice: Choice | undefined, today: Temporal.PlainDate): Temporal.PlainDate | null => {
  const { product } = held;
  if (!choice || choice.mode === 'transfer') {
    if (choice?.startsOn && !choice.startsOn.equals(today))
      throw invalid('crossgrade.start_today', 'choices', { product: product.name });
    return null;
  }
  if (product.kind === 'service') throw invalid('crossgrade.service_moves', 'choices', { product: product.name });
  const startsOn = choice.startsOn ?? today;
  const range = startRange(held, today);
  if (range.latest === null || isBefore(startsOn, range.earliest) || isBefore(range.latest, startsOn))
    throw invalid('crossgrade.start_outside', 'choices', {
      product: product.name,
      earliest: range.earliest.toString(),
      latest: (range.latest ?? range.earliest).toString(),
    });
  return startsOn;
};

const bySku = (held: Held): string => held.product.sku.toLowerCase();

/** The answers by SKU, whatever the case. @throws Refusal for one that nothing asks for. */
const answersFor = <T>(
  answers: Readonly<Record<string, T>>,
  asked: readonly Held[],
  refuse: (sku: string) => Error,
): ReadonlyMap<string, T> => {
  const known = new Set(asked.map(bySku));
  const given = new Map(Object.entries(answers).map(([sku, answer]) => [sku.toLowerCase(), answer]));
  for (const sku of given.keys()) if (!known.has(sku)) throw refuse(sku);
  return given;
};

/**
 * What a crossgrade does, without doing it: which licences move, start anew, end, become unbundled or go, with the
 * ledger rows and the money of each. The preview and the deed both ask this, so they cannot disagree.
 * @throws Refusal where the plan cannot be given by a crossgrade.
 */
export const planCrossgrade = (question: CrossgradeQuestion): CrossgradePlan => {
  const { plan, components, today, issue } = question;
  const held = question.held.filter(({ license }) => license.version !== 'nfr' && isOpen(license, today));
  const inPlan = new Set(components.map(({ id }) => id));
  const duplicates = held.filter(({ product }) => inPlan.has(product.id));
  const names = { plan: plan.name };

  if (plan.nfr || duplicates.length === 0) throw rule('crossgrade.not_needed', { field: 'plan', params: names });
  if (held.some(({ license }) => license.planId === plan.id))
    throw rule('crossgrade.same_plan', { field: 'plan', params: names });
  const full = duplicates.find(({ license }) => plan.version === 'trial' && license.version === 'full');
  if (full)
    throw rule('crossgrade.trial_over_full', { field: 'plan', params: { ...names, product: full.product.name } });

  const units =
    question.units ?? Math.max(plan.defaultUnits, ...duplicates.map((duplicate) => unitsOn(duplicate, today)));
  const ofProduct = Map.groupBy(
    duplicates.toSorted((a, b) => Temporal.PlainDate.compare(a.license.startsOn, b.license.startsOn)),
    ({ product }) => product.id,
  );
  const firsts = [...ofProduct.values()].map(([first]) => first!);
  const choices = answersFor(question.choices, firsts, (sku) => invalid('crossgrade.no_choice', 'choices', { sku }));
  const starts = new Map(firsts.map((first) => [first.product.id, newStart(first, choices.get(bySku(first)), today)]));

  const groups = Map.groupBy(components, ({ id }) => (starts.get(id) ?? today).toString());
  const issuedIn = [...groups].flatMap(([startsOn, group]) => issue(group, units, day(startsOn)));
  const issued = components.flatMap(({ id }) => issuedIn.find(({ product }) => product.id === id) ?? []);

  const assignments = new Set(duplicates.flatMap(({ license }) => license.assignmentId ?? []));
  const left = held.filter(
    ({ license, product }) =>
      license.assignmentId !== null && assignments.has(license.assignmentId) && !inPlan.has(product.id),
  );
  const leftovers = answersFor(question.leftovers, left, (sku) =>
    invalid('crossgrade.no_leftover', 'leftovers', { sku }),
  );

  const changes: HeldChange[] = [];
  const fresh: FreshLicense[] = [];
  for (const license of issued) {
    const [first, ...others] = ofProduct.get(license.product.id) ?? [];
    const startsOn = starts.get(license.product.id) ?? null;
    if (first && startsOn === null) {
      requireAlike(first, license);
      changes.push(transfer(first, license, plan, units, today));
    } else {
      if (first) {
        requireAlike(first, license);
        changes.push(end(first, license.startsOn, today));
      }
      fresh.push({ issued: license, row: purchase(license, plan, units) });
    }
    // What was to follow the licence that stands now is not needed any more.
    changes.push(...others.map((other) => remove(other, today, 'superseded')));
  }
  for (const one of left)
    changes.push(leftovers.get(bySku(one)) === 'remove' ? remove(one, today, 'removed') : unbundle(one, today));

  return {
    units,
    changes,
    fresh,
    asks: firsts
      .filter(({ product }) => product.kind === 'software')
      .map((first) => ({ product: first.product, ...startRange(first, today) })),
  };
};

const purchase = (
  { product, startsOn, term, ...issued }: IssuedLicense,
  plan: ServicePlan,
  units: number,
): RowDraft => ({
  type: 'New purchase',
  reason: 'crossgrade',
  effectiveOn: startsOn,
  productId: product.id,
  planBeforeId: null,
  planAfterId: plan.id,
  unitsBefore: 0,
  delta: units,
  unitsAfter: units,
  termBefore: null,
  termAfter: bounds(term),
  money: chargeOf({ ...issued, product, startsOn, term }),
});

/** A licence moves only where its units and its data mean the same afterwards. */
const requireAlike = ({ license, product }: Held, { unitType, dataCentre }: IssuedLicense): void => {
  if (license.unitType !== unitType)
    throw rule('crossgrade.unit_type', {
      field: 'plan',
      params: { product: product.name, held: license.unitType, planned: unitType },
    });
  if (license.dataCentre !== dataCentre)
    throw rule('crossgrade.data_centre', {
      field: 'plan',
      params: { product: product.name, held: license.dataCentre ?? 'none', planned: dataCentre ?? 'none' },
    });
};
