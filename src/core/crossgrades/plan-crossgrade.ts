import { dayOf, isBefore, latest } from '../calendar.ts';
import type { CatalogProduct } from '../catalog/reads.ts';
import { invalid, rule } from '../errors.ts';
import {
  bounds,
  chargeOf,
  close,
  creditsOf,
  effectiveUnits,
  takeBacks,
  rowOf,
  termsUntil,
  unitsOn,
  type Held,
  type RowDraft,
} from '../licenses/ledger-draft.ts';
import type { License } from '../licenses/license.ts';
import { isOpen } from '../licenses/license-status.ts';
import { movedTo, type IssuedLicense } from '../licenses/license-terms.ts';
import { removal } from '../licenses/removal.ts';
import { unbundling } from '../licenses/unbundling.ts';
import type { ServicePlan } from '../plans/service-plan.ts';

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

const transfer = (held: Held, issued: IssuedLicense, plan: ServicePlan, units: number, today: Temporal.PlainDate) => {
  const { license } = held;
  const becomesFull = license.version === 'trial' && plan.version === 'full';
  const type = becomesFull ? 'License conversion' : 'License change';
  const about = { type, reason: 'crossgrade', planAfterId: plan.id } as const;
  const { rows, left } = takeBacks(held, today.add({ days: 1 }), about);
  const own = rowOf(held, {
    ...about,
    effectiveOn: today,
    unitsBefore: left,
    unitsAfter: units,
    termAfter: bounds(issued.term),
  });
  return {
    held,
    outcome: 'transferred',
    set: movedTo(plan, issued, { license, units, today }),
    rows: close(rows, own, [...creditsOf(held, today), ...chargeOf(issued)]),
  } satisfies HeldChange;
};

/** The old licence stands until the new one starts: no grace, no credit. */
const end = (held: Held, endsOn: Temporal.PlainDate, today: Temporal.PlainDate): HeldChange => {
  const { license } = held;
  const about = { type: 'License change', reason: 'crossgrade', planAfterId: license.planId } as const;
  const { rows } = takeBacks(held, latest(endsOn, today.add({ days: 1 })), about);
  const before = termsUntil(license.terms, endsOn);
  // One that would end on its first day keeps an empty term: it has to have one.
  const terms =
    before.length > 0 ? before : license.terms.slice(0, 1).map((term) => ({ ...term, endsOn: term.startsOn }));
  const units = effectiveUnits(held, today);
  return {
    held,
    outcome: 'ending',
    set: { terms, endsOn: dayOf(terms.at(-1)!.endsOn), autoRenewal: false, unitsAtRenewal: null, graceDays: 0 },
    rows: [
      ...rows,
      rowOf(held, {
        ...about,
        effectiveOn: today,
        unitsBefore: units,
        unitsAfter: units,
        termAfter: bounds(terms.at(-1)!),
      }),
    ],
  };
};

const remove = (held: Held, today: Temporal.PlainDate, outcome: 'removed' | 'superseded'): HeldChange => ({
  held,
  outcome,
  ...removal(held, today, outcome === 'removed' ? 'removal' : 'crossgrade'),
});

const unbundle = (held: Held, today: Temporal.PlainDate): HeldChange => ({
  held,
  outcome: 'unbundled',
  ...unbundling(held, today, 'License change'),
});

/** Where a new licence of software may start: from today to the day on which the old one ends. */
const startRange = ({ license }: Held, today: Temporal.PlainDate) => {
  // One that has not begun yet must have a day of its own.
  const first = isBefore(today, license.startsOn) ? license.startsOn.add({ days: 1 }) : today;
  return { earliest: first, latest: isBefore(license.endsOn, first) ? null : license.endsOn };
};

/** The day on which the new licence of a duplicate starts, or null: it moves. @throws Refusal naming `choices`. */
const newStart = (held: Held, choice: Choice | undefined, today: Temporal.PlainDate): Temporal.PlainDate | null => {
  const { product } = held;
  const named = { product: product.name, sku: product.sku };
  if (!choice || choice.mode === 'transfer') {
    if (choice?.startsOn && !choice.startsOn.equals(today)) throw invalid('crossgrade.start_today', 'choices', named);
    return null;
  }
  if (product.kind === 'service') throw invalid('crossgrade.service_moves', 'choices', named);
  const startsOn = choice.startsOn ?? today;
  const range = startRange(held, today);
  if (range.latest === null) throw invalid('crossgrade.start_none', 'choices', named);
  if (isBefore(startsOn, range.earliest) || isBefore(range.latest, startsOn))
    throw invalid('crossgrade.start_outside', 'choices', {
      ...named,
      earliest: range.earliest.toString(),
      latest: range.latest.toString(),
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
  for (const sku of Object.keys(answers)) if (!known.has(sku.toLowerCase())) throw refuse(sku);
  return new Map(Object.entries(answers).map(([sku, answer]) => [sku.toLowerCase(), answer]));
};

/** The one number of units of a crossgrade: as asked, else the most of the old licences and the plan's default. */
export const unitsAsked = (
  asked: number | undefined,
  { defaultUnits }: Pick<ServicePlan, 'defaultUnits'>,
  old: readonly number[],
): number => asked ?? Math.max(defaultUnits, ...old);

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

  const units = unitsAsked(
    question.units,
    plan,
    duplicates.map((duplicate) => unitsOn(duplicate, today)),
  );
  const ofProduct = Map.groupBy(
    duplicates.toSorted((a, b) => Temporal.PlainDate.compare(a.license.startsOn, b.license.startsOn)),
    ({ product }) => product.id,
  );
  const firsts = [...ofProduct.values()].map(([first]) => first!);
  const choices = answersFor(question.choices, firsts, (sku) => invalid('crossgrade.no_choice', 'choices', { sku }));
  const starts = new Map(firsts.map((first) => [first.product.id, newStart(first, choices.get(bySku(first)), today)]));

  const groups = Map.groupBy(components, ({ id }) => (starts.get(id) ?? today).toString());
  const issuedIn = [...groups].flatMap(([startsOn, group]) => issue(group, units, dayOf(startsOn)));
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
