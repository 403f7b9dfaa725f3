/**
 * Something large or private that passes through the one door: a file's bytes, a mail's body. The audit keeps its
 * size and nothing else.
 */
export class Content<T extends string | Uint8Array> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  toJSON(): { readonly length: number } {
    return { length: this.#value.length };
  }
}
