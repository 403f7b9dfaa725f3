/** One report cycle's sums; null: nothing was reported. */
export interface CycleFigures {
  /** `YYYY-MM`. */
  readonly cycle: string;
  readonly provisioned: number | null;
  readonly used: number | null;
}

const whole = new Intl.NumberFormat('en');
const longest = 62;

/** What the figures say, in one line: the headline states the finding, not the axis. */
export const finding = (cycles: readonly CycleFigures[]): string => {
  const last = cycles.findLast(({ provisioned }) => provisioned !== null);
  if (!last || !last.provisioned) return 'No usage was reported yet';
  const { provisioned, used } = last;
  if (used === null) return `${whole.format(provisioned)} units provisioned, usage not reported`;
  const unused = provisioned - used;
  if (unused <= 0) return 'Every provisioned unit is in use';
  const share = Math.round((used / provisioned) * 100);
  const plain = `${share}% of provisioned units are in use`;
  const gaps = cycles.flatMap((cycle) =>
    cycle.provisioned === null || cycle.used === null ? [] : [cycle.provisioned - cycle.used],
  );
  if (gaps.length < 3) return plain;
  const others = gaps.slice(0, -1);
  const sentence =
    unused > Math.max(...others)
      ? `${whole.format(unused)} of ${whole.format(provisioned)} units sit unused, the most in ${gaps.length} months`
      : unused < Math.min(...others)
        ? `Only ${whole.format(unused)} units sit unused, the fewest in ${gaps.length} months`
        : plain;
  return sentence.length <= longest ? sentence : plain;
};
