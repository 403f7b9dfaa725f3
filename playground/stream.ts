/** The event stream to the pages: numbered events, kept for a while so that a page that lost the line catches up. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EventName, Events, Snapshot } from './protocol.ts';

const kept = 500;
const heartbeatMs = 15_000;
/** A page that takes nothing for so long that this much piles up is cut off; it reconnects by itself. */
const backlogLimit = 8 * 1024 * 1024;

export interface Stream {
  emit<N extends EventName>(event: N, data: Events[N]): void;
  /** Calls back at each event of this process; returns the way to stop. */
  listen(onEvent: (event: EventName, data: unknown) => void): () => void;
  /** Answers a `GET /events` and keeps the line open. */
  serve(request: IncomingMessage, response: ServerResponse): void;
  close(): void;
}

export const createStream = (snapshot: () => Snapshot): Stream => {
  interface Frame {
    readonly id: number;
    readonly text: string;
  }
  const ring: Frame[] = [];
  // Starting at the time makes ids of an earlier process fall out of the ring, so its pages get a snapshot.
  const first = Date.now() * 1000;
  let last = first;
  const lines = new Set<ServerResponse>();
  const listeners = new Set<(event: EventName, data: unknown) => void>();

  const frame = (id: number, event: EventName, data: unknown): string =>
    `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

  const heartbeat = setInterval(() => {
    for (const line of lines) line.write(': still here\n\n');
  }, heartbeatMs);
  heartbeat.unref();

  return {
    emit(event, data) {
      last += 1;
      const text = frame(last, event, data);
      ring.push({ id: last, text });
      if (ring.length > kept) ring.shift();
      for (const line of lines) {
        if (line.writableLength > backlogLimit) line.destroy();
        else line.write(text);
      }
      for (const listener of listeners) listener(event, data);
    },
    listen(onEvent) {
      listeners.add(onEvent);
      return () => listeners.delete(onEvent);
    },
    serve(request, response) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      const seen = Number(request.headers['last-event-id'] ?? 0);
      const complete = seen === last || (ring[0] !== undefined && ring[0].id <= seen + 1);
      if (seen > first && seen <= last && complete) {
        for (const event of ring) if (event.id > seen) response.write(event.text);
      } else {
        response.write(frame(last, 'snapshot', snapshot()));
      }
      response.write('retry: 500\n\n');
      lines.add(response);
      response.on('close', () => lines.delete(response));
    },
    close() {
      clearInterval(heartbeat);
      for (const line of lines) line.end();
      lines.clear();
    },
  };
};
