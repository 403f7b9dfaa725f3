/** So many requests of one address in a stretch of real time; in memory, and of a bounded size. */
export interface RateLimit {
  /** Seconds to wait before the next try; null: go on, and it is counted. */
  waitFor(address: string): number | null;
}

const mostAddresses = 20_000;

export const createRateLimit = (times: number, stretchMs: number, nowMs: () => number): RateLimit => {
  let seen = new Map<string, { count: number; readonly until: number }>();
  return {
    waitFor(address) {
      const now = nowMs();
      const known = seen.get(address);
      if (!known || known.until <= now) {
        if (seen.size >= mostAddresses)
          seen = new Map([...seen].filter(([, { until }]) => until > now).slice(-mostAddresses / 2));
        seen.delete(address);
        seen.set(address, { count: 1, until: now + stretchMs });
        return null;
      }
      if (known.count >= times) return Math.max(1, Math.ceil((known.until - now) / 1000));
      known.count += 1;
      return null;
    },
  };
};
