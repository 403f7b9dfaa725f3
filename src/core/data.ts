/** The stored fields of an entity: everything but its methods and derived values. */
export type Data<T> = {
  -readonly [K in keyof T as T[K] extends (...args: never[]) => unknown ? never : K]: T[K];
};
