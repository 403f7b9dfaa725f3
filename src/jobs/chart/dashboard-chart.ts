import { curveMonotoneX, line } from 'd3-shape';
import { colours, round, text, toPng, xml } from './ink.ts';
import { finding, type CycleFigures } from './finding.ts';

export interface StatusCount {
  /** As people read it: `Active`. */
  readonly label: string;
  readonly colour: string;
  readonly count: number;
}

export interface DashboardChart {
  readonly company: string;
  /** In order; the last is the last ended cycle. */
  readonly cycles: readonly CycleFigures[];
  readonly statuses: readonly StatusCount[];
}

const width = 680;
const plot = { right: width - 106, top: 90, bottom: 280 };
/** Of the axis' figures, in pixels a character. */
const figureWidth = 7;
const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const figure = (value: number): string => (value >= 1_000_000 ? short.format(value) : whole.format(value));

/** Round steps of the scale: at most five lines from zero to the largest value or just above it. */
const ticksUpTo = (largest: number): number[] => {
  const rough = Math.max(largest, 1) / 4;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(
    1,
    [1, 2, 2.5, 5, 10].map((nice) => nice * magnitude).find((nice) => nice >= rough)!,
  );
  const whole = Number.isInteger(step) ? step : Math.ceil(step);
  return Array.from({ length: Math.ceil(Math.max(largest, 1) / whole) + 1 }, (_, index) => index * whole);
};

const monthLabel = (cycle: string, withYear: boolean): string => {
  const [year = '', month = ''] = cycle.split('-');
  return `${months[Number(month) - 1] ?? cycle}${withYear ? ` ’${year.slice(2)}` : ''}`;
};

interface Point {
  readonly x: number;
  readonly y: number;
}

const trend = (cycles: readonly CycleFigures[]): string => {
  const ticks = ticksUpTo(Math.max(...cycles.map(({ provisioned, used }) => Math.max(provisioned ?? 0, used ?? 0)), 0));
  const top = ticks.at(-1)!;
  // The figures of the axis begin where the headline does.
  const left = 34 + figureWidth * Math.max(...ticks.map((tick) => figure(tick).length));
  const x = (index: number): number => left + (index * (plot.right - left)) / Math.max(1, cycles.length - 1);
  const y = (value: number): number => plot.bottom - (value / top) * (plot.bottom - plot.top);
  const points = (pick: (cycle: CycleFigures) => number | null): Point[] =>
    cycles.flatMap((cycle, index) => {
      const value = pick(cycle);
      return value === null ? [] : [{ x: x(index), y: y(value) }];
    });
  const path = (of: readonly Point[]): string =>
    line<Point>(
      (point) => round(point.x),
      (point) => round(point.y),
    ).curve(curveMonotoneX)([...of]) ?? '';

  const grid = ticks
    .map(
      (tick) =>
        `<path d="M${left} ${round(y(tick))}H${plot.right}" stroke="${tick ? colours.grid : colours.axis}"/>` +
        text(left - 10, y(tick) + 4, figure(tick), { size: 12, colour: colours.muted, anchor: 'end' }),
    )
    .join('');
  const axis = cycles
    .map((cycle, index) => {
      const fromEnd = cycles.length - 1 - index;
      return fromEnd % 2 === 0
        ? text(x(index), plot.bottom + 22, monthLabel(cycle.cycle, index === 0 || fromEnd === 0), {
            size: 12,
            colour: colours.muted,
            anchor: 'middle',
          })
        : '';
    })
    .join('');

  const provisioned = points((cycle) => cycle.provisioned);
  const used = points((cycle) => cycle.used);
  if (provisioned.length === 0)
    return (
      grid +
      axis +
      text((left + plot.right) / 2, (plot.top + plot.bottom) / 2, 'Nothing reported in these months', {
        colour: colours.muted,
        anchor: 'middle',
      })
    );

  const above = path(provisioned);
  const curve = path(used);
  const between =
    used.length > 1 && used.length === provisioned.length
      ? `<path d="${above}${path(used.toReversed()).replace('M', 'L')}Z" fill="${colours.gap}" opacity=".16"/>`
      : '';
  const ends = endLabels(
    provisioned.at(-1)!,
    used.at(-1),
    cycles.findLast((cycle) => cycle.provisioned !== null)!.provisioned!,
    cycles.findLast((cycle) => cycle.used !== null)?.used ?? null,
  );
  return (
    grid +
    between +
    `<path d="${above}" fill="none" stroke="${colours.provisioned}" stroke-width="2"/>` +
    `<path d="${curve}" fill="none" stroke="${colours.used}" stroke-width="2.5" stroke-linecap="round"/>` +
    ends +
    axis
  );
};

/** The last figures, named at the lines' ends instead of in a legend; kept apart when the lines meet. */
const endLabels = (
  provisionedEnd: Point,
  usedEnd: Point | undefined,
  provisioned: number,
  used: number | null,
): string => {
  const dot = (at: Point, colour: string): string =>
    `<circle cx="${round(at.x)}" cy="${round(at.y)}" r="4.5" fill="${colour}" stroke="#fff" stroke-width="2"/>`;
  const label = (at: Point, y: number, value: number, word: string, colour: string): string =>
    text(at.x + 12, y, figure(value), { weight: 700, colour }) + text(at.x + 12, y + 16, word, { colour });
  if (!usedEnd || used === null)
    return (
      dot(provisionedEnd, colours.provisioned) +
      label(provisionedEnd, provisionedEnd.y, provisioned, 'provisioned', colours.provisionedText)
    );
  const apart = 38;
  const missing = Math.max(0, apart - Math.abs(usedEnd.y - provisionedEnd.y));
  const up = provisionedEnd.y <= usedEnd.y ? -1 : 1;
  let provisionedY = provisionedEnd.y + (up * missing) / 2;
  let usedY = usedEnd.y - (up * missing) / 2;
  // The pair stays above the axis labels.
  const over = Math.max(provisionedY, usedY) + 16 - (plot.bottom + 4);
  if (over > 0) {
    provisionedY -= over;
    usedY -= over;
  }
  return (
    dot(provisionedEnd, colours.provisioned) +
    dot(usedEnd, colours.used) +
    label(provisionedEnd, provisionedY, provisioned, 'provisioned', colours.provisionedText) +
    label(usedEnd, usedY, used, 'used', colours.usedText)
  );
};

const statusBand = (
  statuses: readonly StatusCount[],
  top: number,
): { readonly svg: string; readonly height: number } => {
  const shown = statuses.filter(({ count }) => count > 0);
  const total = shown.reduce((sum, { count }) => sum + count, 0);
  const left = 24;
  const full = width - 48;
  const heading =
    `<path d="M${left} ${top}H${width - left}" stroke="${colours.grid}"/>` +
    text(
      left,
      top + 32,
      total === 0 ? 'No open licenses' : `${whole.format(total)} open ${total === 1 ? 'license' : 'licenses'}`,
      {
        size: 15,
        weight: 700,
      },
    );
  if (total === 0) return { svg: heading, height: 56 };
  const gap = 3;
  const room = full - gap * (shown.length - 1);
  const least = 4;
  // Thin slices keep a visible width; the wide ones give it up.
  const natural = shown.map(({ count }) => Math.max(least, (count / total) * room));
  const scale = room / natural.reduce((sum, part) => sum + part, 0);
  let x = left;
  const bar = shown
    .map(({ colour }, index) => {
      const part = natural[index]! * scale;
      const slice = `<rect x="${round(x)}" y="${top + 48}" width="${round(part)}" height="14" rx="3" fill="${colour}"/>`;
      x += part + gap;
      return slice;
    })
    .join('');
  const columns = 3;
  const columnGap = 32;
  const columnWidth = (full + columnGap) / columns;
  const legend = shown
    .map(({ label, colour, count }, index) => {
      const cx = left + (index % columns) * columnWidth;
      const cy = top + 92 + Math.floor(index / columns) * 28;
      return (
        `<rect x="${round(cx)}" y="${cy - 11}" width="12" height="12" rx="3" fill="${colour}"/>` +
        text(cx + 20, cy, label, { size: 14 }) +
        text(cx + columnWidth - columnGap, cy, figure(count), { size: 14, weight: 700, anchor: 'end' })
      );
    })
    .join('');
  return { svg: heading + bar + legend, height: 92 + Math.ceil(shown.length / columns) * 28 };
};

const shorten = (words: string, most: number): string => {
  const letters = [...words];
  return letters.length <= most ? words : `${letters.slice(0, most - 1).join('')}…`;
};

/** The picture of a digest: usage against provisioned of the last cycles, and the open licences by status. */
export const dashboardChartSvg = ({ company, cycles, statuses }: DashboardChart): string => {
  const band = statusBand(statuses, 322);
  const height = 322 + band.height;
  const headline = finding(cycles);
  // Its own opaque card with a hairline: it reads the same on white, on dark and on grey.
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">` +
    `<title>${xml(headline)}</title>` +
    `<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="12" fill="#fff" stroke="${colours.hairline}"/>` +
    text(24, 36, headline, { size: 18, weight: 700 }) +
    text(24, 57, `${shorten(company, 44)} · units provisioned and used, by month`, { colour: colours.muted }) +
    trend(cycles) +
    band.svg +
    '</svg>'
  );
};

export const dashboardChart = (chart: DashboardChart): Uint8Array => toPng(dashboardChartSvg(chart));
