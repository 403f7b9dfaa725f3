/** Big integers as their digits: JSON knows none. */
export const jsonValue = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value;
