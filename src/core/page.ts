import { z } from 'zod';

/** A list in pages: `page` counts from 1; `total` counts things, `pages` pages (at least 1). */
export interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly page: number;
  readonly pages: number;
}

export interface PageRequest {
  readonly page: number;
  readonly size: number;
}

export const pageSize = 10;

/** The result of a list whose items look so. */
export const pageOf = <I extends z.ZodType>(item: I) =>
  z.object({ items: z.array(item), total: z.int(), page: z.int(), pages: z.int() });

/** Page number as people and scripts give it. */
export const pageInput = z.coerce.number().int().min(1).max(100_000).default(1);

/** Page number of a list that comes whole when none is asked for. */
export const optionalPageInput = z.coerce.number().int().min(1).max(100_000).optional();

/** The items of one page among `total` things; a list without any has one empty page. */
export const toPage = <T>(items: readonly T[], total: number, { page, size }: PageRequest): Page<T> => ({
  items,
  total,
  page,
  pages: Math.max(1, Math.ceil(total / size)),
});

/** A list that is always given whole, in the shape of one that has pages. */
export const onlyPage = <T>(items: readonly T[]): { items: T[]; total: number; page: number; pages: number } => ({
  items: [...items],
  total: items.length,
  page: 1,
  pages: 1,
});
