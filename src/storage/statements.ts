import type { EntityMetadata } from '@mikro-orm/core';
import { CompiledQuery, type Kysely } from 'kysely';
import type { Em } from './orm.ts';

const numbered = new Map<string, string>();

/** `… = ?` → `… = $1`; `\\?` is a question mark. */
const withNumbers = (statement: string): string => {
  let text = numbered.get(statement);
  if (text === undefined) {
    let count = 0;
    text = statement.replace(/\\\?|\?/g, (mark) => (mark === '?' ? `$${++count}` : '?'));
    numbered.set(statement, text);
  }
  return text;
};

/**
 * The manager of a running transaction, whose hand-written statements keep their parameters beside them, where the ORM
 * would write them into the text: only so does the server know a statement again that it has planned before. They go
 * straight to the connection, where those that are asked for at the same time need not wait for each other's answers.
 */
export const withPreparedStatements = (em: Em): Em => {
  const executor = em.getTransactionContext<Kysely<unknown>>()!.getExecutor();
  const connection = executor.provideConnection(async (own) => own);
  return Object.assign(em, {
    execute: async (statement: string, parameters: readonly unknown[] = []) =>
      (await (await connection).executeQuery(CompiledQuery.raw(withNumbers(statement), [...parameters]))).rows,
  }) as Em;
};

interface Column {
  readonly field: string;
  readonly property: string;
  /** By the database itself, which numbers rows as they are written. */
  readonly isCounted: boolean;
}

const known = new WeakMap<EntityMetadata, readonly Column[]>();

const columnsOf = (meta: EntityMetadata): readonly Column[] => {
  let columns = known.get(meta);
  if (!columns) {
    columns = meta.props
      .filter(({ persist }) => persist !== false)
      .map(({ name, fieldNames, autoincrement }) => ({
        field: fieldNames[0]!,
        property: name,
        isCounted: autoincrement === true,
      }));
    known.set(meta, columns);
  }
  return columns;
};

const quoted = (name: string): string => `"${name}"`;
const listOf = (columns: readonly Column[]): string => columns.map(({ field }) => quoted(field)).join(', ');

/**
 * Nearly every row points to its partner: whoever held one against new rows as well would stop all who work for it. What
 * must not be added meanwhile has to hold the partner itself.
 */
const strength = (table: string): string => (table === 'partner' ? 'for no key update' : 'for update');

/** Holds rows by their ids (one parameter, separated by commas), in the order of the ids. */
export const lockStatement = (meta: EntityMetadata): string =>
  `select ${listOf(columnsOf(meta))} from ${quoted(meta.tableName)}
    where id = any (string_to_array(?, ',')::uuid[]) order by id ${strength(meta.tableName)}`;

const givenColumns = (meta: EntityMetadata): readonly Column[] => columnsOf(meta).filter(({ isCounted }) => !isCounted);

/**
 * Inserts rows of several tables at once, one JSON list for each. Keys between the new rows hold: they are looked at
 * when the whole statement is done.
 */
export const insertStatement = (metas: readonly EntityMetadata[]): string => {
  const inserts = metas.map((meta) => {
    const list = listOf(givenColumns(meta));
    const table = quoted(meta.tableName);
    return `insert into ${table} (${list}) select ${list} from json_populate_recordset(null::${table}, ?::json)`;
  });
  const before = inserts.slice(0, -1).map((insert, index) => `written_${index} as (${insert})`);
  return `${before.length > 0 ? `with ${before.join(', ')} ` : ''}${inserts.at(-1)}`;
};

const asJson = (value: unknown): unknown =>
  value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : value;

/** Things as rows in JSON. What is left out has its column's default: null. */
export const jsonOf = (meta: EntityMetadata, things: readonly object[]): string => {
  const columns = givenColumns(meta);
  const rows = things.map((thing) =>
    Object.fromEntries(
      columns.map(({ field, property }) => [field, asJson((thing as Record<string, unknown>)[property])]),
    ),
  );
  return JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
};
