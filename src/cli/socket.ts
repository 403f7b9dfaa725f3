import { createHash } from 'node:crypto';
import { chmod, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { linesOf } from './lines.ts';
import type { Terminal } from './word.ts';

/**
 * An embedded database has one owner. While a service owns it, the command line hands its line to that service
 * through a socket that only this user can open, and shows what comes back.
 */

/** From the command line. */
type Question =
  { readonly argv: readonly string[]; readonly cwd: string } | { readonly stdin: string } | { readonly end: true };
/** From the service. `stdin` asks for input: a terminal is not read before somebody wants it. */
type Reply = { readonly out: string } | { readonly err: string } | { readonly stdin: true } | { readonly exit: number };

// The longest address that every system takes for a socket, less one for the end mark.
const longestPath = 103;

/** Where the service that owns a data folder listens. */
export const socketPath = (dataDir: string): string => {
  const path = join(resolve(dataDir), 'cli.sock');
  if (Buffer.byteLength(path) <= longestPath) return path;
  const name = createHash('sha256').update(path).digest('hex').slice(0, 24);
  return join(tmpdir(), `seatwise-${name}.sock`);
};

const send = (socket: Socket, frame: Question | Reply): void => {
  if (socket.writable) socket.write(`${JSON.stringify(frame)}\n`);
};

async function* framesOf<T>(socket: Socket): AsyncGenerator<T> {
  socket.setEncoding('utf8');
  for await (const line of linesOf(socket as AsyncIterable<string>)) yield JSON.parse(line) as T;
}

const serveOne = async (
  socket: Socket,
  run: (argv: readonly string[], terminal: Terminal) => Promise<number>,
): Promise<void> => {
  const frames = framesOf<Question>(socket);
  const { value: first } = await frames.next();
  if (!first || !('argv' in first)) return;
  async function* stdin(): AsyncGenerator<string> {
    send(socket, { stdin: true });
    // Not a for-await: leaving one would close the socket that the answer still has to go through.
    for (;;) {
      const { value: frame } = await frames.next();
      if (!frame || !('stdin' in frame)) return;
      yield frame.stdin;
    }
  }
  const exit = await run(first.argv, {
    cwd: first.cwd,
    stdin: stdin(),
    out: (line) => send(socket, { out: line }),
    err: (line) => send(socket, { err: line }),
  });
  send(socket, { exit });
};

export interface CliServer {
  close(): Promise<void>;
}

/** Serves command lines of this user until closed. `run` answers with the exit code and throws nothing. */
export const serveCli = async ({
  path,
  run,
}: {
  readonly path: string;
  readonly run: (argv: readonly string[], terminal: Terminal) => Promise<number>;
}): Promise<CliServer> => {
  // Left behind by a process that was killed: whoever opens the data folder's lock owns the address as well.
  await rm(path, { force: true });
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    // A terminal that was closed in the middle takes nothing down; its line is still carried out.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    serveOne(socket, run).then(
      () => socket.end(),
      () => socket.destroy(),
    );
  });
  const before = process.umask(0o177);
  try {
    await new Promise<void>((done, fail) => {
      server.once('error', fail);
      server.listen(path, done);
    });
  } finally {
    process.umask(before);
  }
  await chmod(path, 0o600);
  return {
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
      await rm(path, { force: true });
    },
  };
};

const connected = (path: string): Promise<Socket | null> =>
  new Promise((done) => {
    const socket = connect(path);
    socket.once('connect', () => done(socket));
    socket.once('error', () => done(null));
  });

/** Hands a line to the service that owns the data; null: none does, so the line is this process's own to run. */
export const passOn = async (path: string, argv: readonly string[], terminal: Terminal): Promise<number | null> => {
  const socket = await connected(path);
  if (!socket) return null;
  const broken = (): number => {
    terminal.err('The running Seatwise ended before it answered.');
    return 1;
  };
  socket.on('error', () => socket.destroy());
  send(socket, { argv, cwd: terminal.cwd });
  const feed = async (): Promise<void> => {
    for await (const piece of terminal.stdin) {
      send(socket, { stdin: piece });
      if (socket.writableNeedDrain) await new Promise((done) => socket.once('drain', done));
    }
    send(socket, { end: true });
  };
  try {
    for await (const frame of framesOf<Reply>(socket)) {
      if ('out' in frame) terminal.out(frame.out);
      else if ('err' in frame) terminal.err(frame.err);
      else if ('exit' in frame) return frame.exit;
      else void feed().catch(() => socket.destroy());
    }
    return broken();
  } catch {
    return broken();
  } finally {
    socket.destroy();
  }
};
