import pg from 'pg';

/** Statements whose answer nobody reads: they open a transaction, say whose it is, or wait for their turn in a chain. */
const silent =
  /^(begin$|start transaction |set local role |select set_config\(|select pg_advisory_xact_lock\(hashtextextended\(\$1, 0\)\)$)/;

/** What one connection keeps prepared at most; what comes later is planned each time. */
const preparedAtMost = 400;
/** By text, for all connections. */
const names = new Map<string, string>();

const nameOf = (text: string): string | undefined => {
  let name = names.get(text);
  if (name === undefined && names.size < preparedAtMost) names.set(text, (name = `seatwise_${names.size}`));
  return name;
};

const nothing = { rows: [], rowCount: 0, command: '' };

/** A statement with parameters stands in the source: the server reads and plans it once for each connection. */
const prepared = (text: string, values: unknown): [statement: string | pg.QueryConfig] =>
  Array.isArray(values) && values.length > 0 ? [{ text, values, name: nameOf(text) }] : [text];

/**
 * A connection that spares round trips, of which a short transaction mostly consists: a silent statement is held back
 * and leaves in one packet with the next that is waited for. Should it fail, that one fails with its error. Needs
 * pg's own `pipeline: true`.
 */
export class PipelinedClient extends pg.Client {
  #held: [statement: string | pg.QueryConfig][] = [];
  #isGathering = false;
  /** Whether the transaction can only read. */
  #isReading = false;

  // Stands before all of pg's overloads.
  override query(...given: any[]): any {
    const [text, values, callback] = given as [unknown, unknown, unknown];
    const isPlain = typeof text === 'string' && typeof values !== 'function' && callback === undefined;
    if (isPlain && silent.test(text)) {
      if (/^(begin|start)/.test(text)) this.#isReading = text.endsWith('read only');
      this.#held.push(prepared(text, values));
      return Promise.resolve(nothing);
    }
    const send = super.query.bind(this) as (...statement: unknown[]) => Promise<unknown>;
    const { stream } = (
      this as unknown as { connection: { stream: NodeJS.WritableStream & { cork(): void; uncork(): void } } }
    ).connection;
    const held = this.#held.splice(0);
    // What is asked for in the same moment leaves in one packet.
    if (!this.#isGathering) {
      this.#isGathering = true;
      stream.cork();
      process.nextTick(() => {
        this.#isGathering = false;
        stream.uncork();
      });
    }
    const before = held.map((statement) => send(...statement));
    const answer = send(...(isPlain ? prepared(text, values) : given));
    const all = Promise.all([...before, answer]).then((answers) => answers.at(-1));
    // What was only read is known already: nobody need wait for its end, nor can it fail.
    const isOver = text === 'commit' && this.#isReading;
    if (isPlain && !isOver) return all;
    // Whoever reads by a callback or a cursor meets the error that follows from theirs.
    all.catch(() => {});
    return isOver ? Promise.resolve(nothing) : answer;
  }
}
