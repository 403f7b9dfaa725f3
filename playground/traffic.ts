/** The record of what goes over the wire between the app and the fake platforms, for the inspector. */
import type { Json, TrafficEntry } from './protocol.ts';
import type { Stream } from './stream.ts';

const kept = 500;
/** Longer texts inside a recorded body are cut in the middle: pictures as data addresses, whole files. */
const longText = 4000;

export interface Traffic {
  readonly entries: readonly TrafficEntry[];
  /** Notes that a call began; call the result once, with how it ended. */
  begin(
    call: Pick<TrafficEntry, 'platform' | 'direction' | 'name' | 'method' | 'path' | 'persona'> & { request: unknown },
  ): (end: { status: number; response?: unknown; problem?: string; name?: string; persona?: string }) => void;
  clear(): void;
}

const asJson = (value: unknown): Json => {
  if (value === undefined) return null;
  const text = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' && part.length > longText
      ? `${part.slice(0, longText)}… (${part.length} characters)`
      : part,
  );
  return text === undefined ? null : (JSON.parse(text) as Json);
};

export const createTraffic = (stream: () => Stream): Traffic => {
  let entries: TrafficEntry[] = [];
  let lastId = Date.now();
  const show = (entry: TrafficEntry): void => {
    const at = entries.findIndex((known) => known.id === entry.id);
    if (at >= 0) entries[at] = entry;
    else entries.push(entry);
    if (entries.length > kept) entries.shift();
    stream().emit('traffic', entry);
  };
  return {
    get entries() {
      return entries;
    },
    begin(call) {
      lastId += 1;
      const started = performance.now();
      const entry: TrafficEntry = {
        ...call,
        id: lastId,
        at: new Date().toISOString(),
        request: asJson(call.request),
        response: null,
        status: 0,
        ms: 0,
      };
      show(entry);
      return ({ status, response, problem, name, persona }) =>
        show({
          ...entry,
          status,
          response: asJson(response),
          ms: Math.round((performance.now() - started) * 10) / 10,
          ...(name ? { name } : {}),
          ...(persona ? { persona } : {}),
          ...(problem ? { problem } : {}),
        });
    },
    clear() {
      entries = [];
      stream().emit('traffic_cleared', {});
    },
  };
};
