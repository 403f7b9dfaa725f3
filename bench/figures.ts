/** The q-quantile of measured values (0 … 1), by the nearest rank. */
export const quantile = (values: readonly number[], q: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
};

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Two digits behind the point: what a noisy machine can say. */
export const rounded = (value: number): number => Math.round(value * 100) / 100;
