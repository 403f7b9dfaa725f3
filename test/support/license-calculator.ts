/**
 * One licence's life, reckoned by itself: a small model that steps from midnight to midnight and shares no code with the
 * product. What it says is compared with what the product did.
 */
type Day = Temporal.PlainDate;

export interface SoldAs {
  readonly version: 'trial' | 'full';
  readonly isAnnual: boolean;
  readonly months: number;
  /** Of a trial. */
  readonly days?: number;
  readonly graceDays: number;
  readonly renews: boolean;
  readonly window: number;
}

interface Term {
  readonly from: Day;
  readonly to: Day;
  readonly anchor: Day;
  /** Cents per unit and year; null: not paid by the term. */
  readonly price: number | null;
  readonly months: number;
}

const before = (a: Day, b: Day): boolean => Temporal.PlainDate.compare(a, b) < 0;
const days = (a: Day, b: Day): number => a.until(b, { largestUnit: 'days' }).days;

/** Half up on the absolute value, by whole numbers alone. */
const rounded = (numerator: number, denominator: number): number => {
  const [n, d] = [BigInt(Math.abs(numerator)), BigInt(denominator)];
  const whole = Number((2n * n + d) / (2n * d));
  return numerator < 0 ? -whole : whole;
};

/** A step from the anchor that reaches beyond a day by so many months. */
const monthsOn = (anchor: Day, from: Day, months: number): Day => {
  for (let steps = 0; ; steps++) {
    const reached = anchor.add({ months: steps });
    if (reached.equals(from)) return anchor.add({ months: steps + months });
    if (before(from, reached)) return from.add({ months });
  }
};

export class LicenseCalculator {
  readonly terms: Term[] = [];
  /** Change of units by day. */
  readonly #steps = new Map<string, number>();
  /** `day kind cents`, of what is charged. */
  readonly charged: string[] = [];
  credited = 0;
  waits: number | null = null;
  suspended = false;
  customerSuspended = false;
  removed = false;
  #today: Day;
  #sold: SoldAs;
  readonly #priceOn: (day: Day) => number;

  constructor(sold: SoldAs, start: Day, units: number, today: Day, priceOn: (day: Day) => number) {
    this.#sold = sold;
    this.#today = today;
    this.#priceOn = priceOn;
    this.#step(start, units);
    this.#begin(start, start, units);
  }

  get #last(): Term {
    return this.terms.at(-1)!;
  }
  get #first(): Day {
    return this.terms[0]!.from;
  }
  get end(): Day {
    return this.#last.to;
  }
  get version(): 'trial' | 'full' {
    return this.#sold.version;
  }
  get isPaid(): boolean {
    return this.#sold.isAnnual && this.#sold.version === 'full';
  }
  get #graceEnd(): Day {
    return this.end.add({ days: this.#sold.graceDays });
  }
  get isExpired(): boolean {
    return !before(this.#today, this.#graceEnd);
  }
  get isScheduled(): boolean {
    return before(this.#today, this.#first);
  }
  get #ahead(): Term | null {
    return this.terms.length > 1 && before(this.#today, this.#last.from) ? this.#last : null;
  }

  #step(day: Day, delta: number): void {
    this.#steps.set(day.toString(), (this.#steps.get(day.toString()) ?? 0) + delta);
  }
  unitsBy(day: Day): number {
    let sum = 0;
    for (const [on, delta] of this.#steps) if (on <= day.toString()) sum += delta;
    return sum;
  }
  /** Before the first term, those of its first day. */
  get units(): number {
    return this.unitsBy(this.isScheduled ? this.#first : this.#today);
  }
  get changes(): readonly string[] {
    return [...this.#steps]
      .filter(([, delta]) => delta !== 0)
      .map(([day, delta]) => `${day} ${delta}`)
      .toSorted();
  }

  #charge(day: Day, kind: string, cents: number): void {
    if (cents !== 0) this.charged.push(`${day.toString()} ${kind} ${cents}`);
  }

  /** A term from a day, charged in full; month steps are counted from the anchor. */
  #begin(from: Day, anchor: Day, units: number): void {
    const { days: length, months } = this.#sold;
    const to = length === undefined ? monthsOn(anchor, from, months) : from.add({ days: length });
    const price = this.isPaid ? this.#priceOn(from) : null;
    this.terms.push({ from, to, anchor, price, months });
    if (price !== null) this.#charge(from, 'charge', rounded(price * months * units, 12));
  }

  #renewFrom(from: Day): void {
    const { anchor, to } = this.#last;
    const present = this.unitsBy(from);
    const units = this.waits ?? present;
    // What was added in days of grace belongs to the new term as well, unless a decrease was stored after it.
    const added = [...this.#steps].filter(
      ([day, delta]) => delta !== 0 && day > from.toString() && day <= this.#today.toString(),
    );
    if (this.waits !== null) for (const [day] of added) this.#steps.set(day, 0);
    this.#step(from, units - present);
    // The end that a step from the anchor reaches keeps it.
    this.#begin(from, from.equals(to) ? anchor : from, units);
    if (this.waits === null && this.isPaid) {
      const { from: first, to: end, price, months } = this.#last;
      const length = days(first, end);
      for (const [day, delta] of added) {
        const left = Math.max(days(Temporal.PlainDate.from(day), end), 0);
        this.#charge(first, 'proration', rounded(price! * months * delta * left, 12 * length));
      }
    }
    this.waits = null;
  }

  /** As long as an end is reached and nothing hinders it at this moment. */
  #renewByItself(isMidnight: boolean): void {
    while (
      !this.removed &&
      this.#sold.renews &&
      this.version === 'full' &&
      !this.customerSuspended &&
      !before(this.#today, this.end) &&
      (before(this.#today, this.#graceEnd) || (isMidnight && this.#today.equals(this.end)))
    )
      this.#renewFrom(this.end);
  }

  /** Midnights pass. */
  passTo(day: Day): void {
    while (before(this.#today, day)) {
      this.#today = this.#today.add({ days: 1 });
      this.#renewByItself(true);
    }
  }

  /** @returns whether it is done. */
  seats(units: number): boolean {
    if (this.removed || this.isExpired) return false;
    const present = this.units;
    if (this.isPaid && units < present) {
      this.waits = units;
      return true;
    }
    if (units === present) {
      if (this.waits === null) return false;
      this.waits = null;
      return true;
    }
    const ahead = this.#ahead;
    const unitsAhead = ahead ? this.unitsBy(ahead.from) : null;
    this.waits = null;
    // Whatever was to come is taken back on its day; the change is of today.
    for (const day of this.#steps.keys()) if (day > this.#today.toString()) this.#steps.set(day, 0);
    this.#step(this.#today, units - this.unitsBy(this.#today));
    if (!this.isPaid) return true;
    const current = this.terms.findLast(({ from }) => !before(this.#today, from)) ?? this.terms[0]!;
    const length = days(current.from, current.to);
    const left = Math.min(Math.max(days(this.#today, current.to), 0), length);
    this.#charge(
      this.#today,
      'proration',
      rounded(current.price! * current.months * (units - present) * left, 12 * length),
    );
    if (ahead) this.#charge(this.#today, 'charge', rounded(ahead.price! * ahead.months * (units - unitsAhead!), 12));
    return true;
  }

  renew(): boolean {
    if (this.version === 'trial' || this.removed || this.customerSuspended || this.isScheduled || this.#ahead)
      return false;
    this.#renewFrom(this.isExpired ? this.#today : this.end);
    return true;
  }

  suspend(suspended: boolean): boolean {
    if (this.removed || this.isExpired || this.suspended === suspended) return false;
    this.suspended = suspended;
    return true;
  }

  suspendCustomer(suspended: boolean): boolean {
    if (this.customerSuspended === suspended) return false;
    this.customerSuspended = suspended;
    this.#renewByItself(false);
    return true;
  }

  remove(): boolean {
    if (this.removed || this.isExpired) return false;
    if (this.isScheduled) this.credited -= this.charged.reduce((sum, line) => sum + Number(line.split(' ')[2]), 0);
    for (const day of this.#steps.keys()) if (day > this.#today.toString()) this.#steps.set(day, 0);
    this.#step(this.#today, -this.unitsBy(this.#today));
    this.waits = null;
    this.removed = true;
    return true;
  }

  convert(to: SoldAs): boolean {
    const latest = this.#graceEnd.add({ days: 30 });
    if (this.version !== 'trial' || this.removed || this.customerSuspended || before(latest, this.#today)) return false;
    const units = this.units;
    for (const day of this.#steps.keys()) if (day > this.#today.toString()) this.#steps.set(day, 0);
    this.#step(this.#today, units - this.unitsBy(this.#today));
    const kept = this.terms.filter(({ from }) => before(from, this.#today));
    this.terms.splice(
      0,
      this.terms.length,
      ...kept.map((term) => (before(this.#today, term.to) ? { ...term, to: this.#today } : term)),
    );
    this.#sold = to;
    this.#begin(this.#today, this.#today, units);
    return true;
  }

  get status(): string {
    if (this.removed) return 'removed';
    if (this.isExpired) return 'expired';
    if (this.suspended || this.customerSuspended) return 'suspended';
    if (this.isScheduled) return 'scheduled';
    if (!before(this.#today, this.end)) return 'grace';
    const goesOn = this.#sold.renews && this.version === 'full';
    return !goesOn && days(this.#today, this.end) <= this.#sold.window ? 'expiring' : 'active';
  }
}
