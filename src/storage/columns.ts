import { Type } from '@mikro-orm/core';

/** Every field of the class must have a column; a new field does not compile until it has one. */
export type Columns<T> = { [K in keyof T as T[K] extends (...args: never[]) => unknown ? never : K]-?: object };

const toInstant = (value: string | Temporal.Instant): Temporal.Instant =>
  value instanceof Temporal.Instant ? value : Temporal.Instant.from(value.replace(' ', 'T'));

/** `timestamptz` as Temporal.Instant, to the microsecond. */
export class InstantType extends Type<Temporal.Instant | null, string | null> {
  override convertToDatabaseValue(value: Temporal.Instant | string | null | undefined): string | null {
    return value == null ? null : value.toString();
  }
  override convertToJSValue(value: string | Temporal.Instant | null | undefined): Temporal.Instant | null {
    return value == null ? null : toInstant(value);
  }
  // The driver's text differs from ours for the same moment; without this an entity is dirty as soon as it is loaded.
  override compareValues(a: unknown, b: unknown): boolean {
    if (a === b) return true;
    if (a == null || b == null) return false;
    return toInstant(String(a)).equals(toInstant(String(b)));
  }
  override compareAsType(): string {
    return 'string';
  }
  override get runtimeType(): string {
    return 'object';
  }
  override getColumnType(): string {
    return 'timestamptz(6)';
  }
}

/** `date` as Temporal.PlainDate. */
export class PlainDateType extends Type<Temporal.PlainDate | null, string | null> {
  override convertToDatabaseValue(value: Temporal.PlainDate | string | null | undefined): string | null {
    return value == null ? null : value.toString();
  }
  override convertToJSValue(value: string | Temporal.PlainDate | null | undefined): Temporal.PlainDate | null {
    return value == null ? null : Temporal.PlainDate.from(String(value));
  }
  override compareAsType(): string {
    return 'string';
  }
  override get runtimeType(): string {
    return 'object';
  }
  override getColumnType(): string {
    return 'date';
  }
}

/** `bytea` as Uint8Array. */
export class BytesType extends Type<Uint8Array | null, Uint8Array | null> {
  override convertToDatabaseValue(value: Uint8Array | null | undefined): Uint8Array | null {
    return value == null ? null : Buffer.from(value);
  }
  override convertToJSValue(value: Uint8Array | null | undefined): Uint8Array | null {
    return value == null ? null : new Uint8Array(value);
  }
  override compareValues(a: unknown, b: unknown): boolean {
    return a === b || (a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0);
  }
  override getColumnType(): string {
    return 'bytea';
  }
}
