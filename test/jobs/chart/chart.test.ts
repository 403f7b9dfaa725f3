import { describe, expect, test } from 'vitest';
import { dashboardChart, dashboardChartSvg, type DashboardChart } from '../../../src/jobs/chart/dashboard-chart.ts';
import { finding, type CycleFigures } from '../../../src/jobs/chart/finding.ts';
import { text, toPng } from '../../../src/jobs/chart/ink.ts';

const cyclesOf = (...figures: readonly (readonly [number | null, number | null])[]): CycleFigures[] =>
  figures.map(([provisioned, used], index) => ({
    cycle: Temporal.PlainYearMonth.from('2025-02').add({ months: index }).toString(),
    provisioned,
    used,
  }));

describe('the headline', () => {
  test.for([
    [
      'the widest gap',
      cyclesOf([480, 402], [500, 450], [580, 412]),
      '168 of 580 units sit unused, the most in 3 months',
    ],
    [
      'the narrowest gap',
      cyclesOf([480, 402], [500, 450], [580, 570]),
      'Only 10 units sit unused, the fewest in 3 months',
    ],
    ['an ordinary month', cyclesOf([480, 402], [500, 490], [580, 522]), '90% of provisioned units are in use'],
    ['too few months to compare', cyclesOf([480, 402]), '84% of provisioned units are in use'],
    ['all in use', cyclesOf([480, 490]), 'Every provisioned unit is in use'],
    ['nothing used is reported', cyclesOf([480, null]), '480 units provisioned, usage not reported'],
    ['no report at all', cyclesOf([null, null]), 'No usage was reported yet'],
  ] as const)('states %s', ([, cycles, expected]) => {
    expect(finding(cycles)).toBe(expected);
  });

  test('stays within the width of the card', () => {
    expect(
      finding(cyclesOf([9_999_999, 9_999_990], [9_999_999, 9_999_980], [9_999_999, 1])).length,
    ).toBeLessThanOrEqual(62);
  });
});

describe('the dashboard chart', () => {
  const chart: DashboardChart = {
    company: 'Brightside IT',
    cycles: cyclesOf([480, 402], [500, 450], [580, 412]),
    statuses: [
      { label: 'Active', colour: '#0f8f6f', count: 12 },
      { label: 'Grace', colour: '#d1435b', count: 0 },
    ],
  };

  test('is a picture twice as wide as it is shown', () => {
    const png = Buffer.from(dashboardChart(chart));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(1360);
  });

  test('really draws letters, with arrows, accents and Japanese', () => {
    const card = (body: string): Uint8Array =>
      toPng(`<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40">${body}</svg>`);
    const empty = card('');
    for (const letter of ['€', 'ä', '→', '更']) {
      expect(Buffer.compare(card(text(4, 24, letter)), empty), letter).not.toBe(0);
      // A missing letter is drawn as a box, the same for all that are missing.
      expect(Buffer.compare(card(text(4, 24, letter)), card(text(4, 24, '\u{10FFFD}'))), letter).not.toBe(0);
    }
  });

  test('takes hostile names literally', () => {
    const svg = dashboardChartSvg({ ...chart, company: '<script>&"\u0001\ud800</text>' });
    expect(svg).toContain('&lt;script&gt;&amp;&quot;');
    expect(svg).not.toContain('<script>');
    expect(() => dashboardChart({ ...chart, company: '<script>&"\u0001\ud800</text>' })).not.toThrow();
  });

  test('names only statuses that occur', () => {
    const svg = dashboardChartSvg(chart);
    expect(svg).toContain('>Active<');
    expect(svg).not.toContain('>Grace<');
    expect(svg).toContain('12 open licenses');
  });

  test('is drawn without any figure, too', () => {
    const svg = dashboardChartSvg({ company: 'New', cycles: cyclesOf([null, null], [null, null]), statuses: [] });
    expect(svg).toContain('No open licenses');
    expect(svg).not.toContain('NaN');
  });

  test('has no coordinate that is not a number, with gaps and single months', () => {
    for (const cycles of [cyclesOf([5, 3]), cyclesOf([null, null], [0, 0]), cyclesOf([3, null], [4, 1], [null, null])])
      expect(dashboardChartSvg({ ...chart, cycles })).not.toMatch(/NaN|Infinity|undefined/);
  });
});
