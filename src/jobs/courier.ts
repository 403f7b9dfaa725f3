import { SendFailure, type FileLinks, type Sender } from '../bot/sender.ts';
import type { Block, Message } from '../bot/view.ts';
import { claimChannel } from '../core/digests/claim-channel.ts';
import { Refusal } from '../core/errors.ts';
import { readFile } from '../core/messages/read-file.ts';
import { conversationOf } from '../core/messages/lane.ts';
import { settleMessage } from '../core/messages/settle-message.ts';
import { takeMessage, type TakenMessage } from '../core/messages/take-message.ts';
import type { Execute } from '../core/use-case.ts';
import { systemDoor, type JobLog, type RealTime, type SystemDoor } from './door.ts';

type Platform = TakenMessage['platform'];

export interface CourierParts {
  readonly execute: Execute;
  readonly senders: Readonly<Partial<Record<Platform, Sender>>>;
  readonly links: FileLinks;
  readonly realTime: RealTime;
  readonly log: JobLog;
}

export interface Courier {
  /** Sends what waits in a lane, in order, until it is empty or has to wait; then comes back by itself. */
  drain(lane: string): Promise<void>;
  /** Stops coming back, and waits for what is being sent right now. */
  stop(): Promise<void>;
}

const firstDelaySeconds = 1;
const longestDelaySeconds = 300;
/** A platform that is away for a day is waited for; a message that breaks its sender is given up soon. */
const attemptsWhenRefused = 300;
const attemptsWhenBroken = 6;

/** Seconds until the next attempt: doubling, with a cap. */
export const backOff = (attempt: number): number =>
  Math.min(longestDelaySeconds, firstDelaySeconds * 2 ** Math.min(attempt - 1, 16));

const repeatMark: Block = { kind: 'context', text: 'This may be a repeat: the first delivery was interrupted.' };

export const createCourier = ({ execute, senders, links, realTime, log }: CourierParts): Courier => {
  const running = new Map<string, { again: boolean; readonly done: Promise<void> }>();
  const timers = new Map<string, NodeJS.Timeout>();
  let stopped = false;

  const comeBack = (lane: string, until: Temporal.Instant): void => {
    if (stopped) return;
    clearTimeout(timers.get(lane));
    const wait = Math.max(10, until.epochMilliseconds - realTime().epochMilliseconds);
    const timer = setTimeout(
      () => {
        timers.delete(lane);
        drain(lane).catch((error: unknown) => log.error({ err: error, lane }, 'lane could not be drained'));
      },
      // Past a minute the sweep comes first anyway.
      Math.min(wait, 60_000),
    );
    timer.unref();
    timers.set(lane, timer);
  };

  const isOwnChannel = async (door: SystemDoor, outgoingId: string, channel: string): Promise<boolean> => {
    try {
      return (await door(claimChannel, { outgoingId, channel })).own;
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  };

  const addressOf = async (
    door: SystemDoor,
    lane: string,
    taken: TakenMessage,
    sender: Sender,
  ): Promise<TakenMessage['address']> => {
    if (taken.what === 'update') return taken.address;
    if (taken.recipient) return { ...(await sender.privateAddress(taken.recipient)) };
    if (Object.keys(taken.address).length > 0) return taken.address;
    const { workspace, id } = conversationOf(lane);
    const channel = await sender.channelOf(workspace, id);
    if (!channel?.botIsMember) throw new SendFailure('not_in_channel', { permanent: true });
    if (!(await isOwnChannel(door, taken.id, channel.id)))
      throw new SendFailure('channel_not_available', { permanent: true });
    return { ...channel.address };
  };

  const send = async (
    door: SystemDoor,
    lane: string,
    taken: TakenMessage,
  ): Promise<{ messageId: string | null; address: TakenMessage['address'] }> => {
    const sender = senders[taken.platform];
    if (!sender) throw new SendFailure('platform_off', { permanent: false });
    const address = await addressOf(door, lane, taken, sender);
    const drawn = taken.message as unknown as Message;
    const message = taken.repeat && taken.what === 'post' ? { ...drawn, blocks: [...drawn.blocks, repeatMark] } : drawn;
    switch (taken.what) {
      case 'post':
        return { address, ...(await sender.post(address, message)) };
      case 'update':
        await sender.update(address, taken.messageId!, message);
        return { address, messageId: taken.messageId };
      case 'file': {
        const fileId = taken.fileId!;
        const { name, contentType, bytes } = await door(readFile, { fileId });
        const url = links.urlOf(fileId);
        const comment = taken.repeat ? `${drawn.title} (may be a repeat)` : drawn.title;
        return { address, ...(await sender.file(address, { fileId, name, contentType, bytes, url }, comment)) };
      }
    }
  };

  const settle = async (door: SystemDoor, lane: string, taken: TakenMessage): Promise<void> => {
    const { id, attempt } = taken;
    const told = (outcome: object): Promise<unknown> => door(settleMessage, { id, attempt, outcome });
    try {
      const sent = await send(door, lane, taken);
      await told({ kind: 'sent', ...sent });
    } catch (error) {
      const failure = error instanceof SendFailure ? error : null;
      const reason = failure?.reason ?? 'broken';
      const final = failure?.permanent || attempt >= (failure ? attemptsWhenRefused : attemptsWhenBroken);
      if (!failure) log.error({ err: error, outgoing: id, lane }, 'message could not be drawn or sent');
      else log.warn({ outgoing: id, lane, reason, final }, 'message was not taken');
      if (final) {
        await told({ kind: 'failed', reason });
        return;
      }
      const seconds = Math.max(failure?.retryAfterSeconds ?? 0, failure?.retryAfterSeconds ? 0 : backOff(attempt));
      const until = realTime().add({ milliseconds: Math.ceil(seconds * 1000) });
      await told({ kind: 'later', until: until.toString(), reason });
    }
  };

  const work = async (lane: string): Promise<void> => {
    const door = systemDoor(execute, 'deliver', `deliver:${lane}`);
    while (!stopped) {
      const taken = await door(takeMessage, { lane, realTime: realTime().toString() });
      if (taken.kind === 'empty') return;
      if (taken.kind === 'wait') {
        comeBack(lane, Temporal.Instant.from(taken.until));
        return;
      }
      await settle(door, lane, taken);
    }
  };

  const drain = (lane: string): Promise<void> => {
    const current = running.get(lane);
    if (current) {
      // What was written meanwhile is found by another look at the end.
      current.again = true;
      return current.done;
    }
    const state = { again: true, done: Promise.resolve() };
    state.done = (async () => {
      try {
        while (state.again && !stopped) {
          state.again = false;
          await work(lane);
        }
      } finally {
        running.delete(lane);
      }
    })();
    running.set(lane, state);
    return state.done;
  };

  return {
    drain,
    async stop() {
      stopped = true;
      timers.forEach((timer) => clearTimeout(timer));
      timers.clear();
      await Promise.allSettled([...running.values()].map(({ done }) => done));
    },
  };
};
