import type { Feature } from '../feature.ts';

/** Every capability of the desk: the one table behind parser, help, "did you mean", Teams command list and manifests. */
export const features: readonly Feature[] = [];
