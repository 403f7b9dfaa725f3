import type { output } from 'zod';
import type { Caller, PersonActor } from '../core/caller.ts';
import type { Refusal } from '../core/errors.ts';
import type { Permission } from '../core/permissions.ts';
import type { Execute } from '../core/use-case.ts';
import type { IncomingFile } from './fetch-file.ts';
import type { Notice } from './notice.ts';
import type { Answers, Args, Block, FormView, Message, Option, Reply } from './view.ts';

/** What a feature works with: the person, and the one door. */
export interface Ask {
  readonly actor: PersonActor;
  /** Already bound to this caller and delivery. At most one command is executed per request. */
  readonly execute: <U extends Parameters<Execute>[0]>(useCase: U, input: unknown) => Promise<output<U['result']>>;
  readonly caller: Caller;
  readonly platform: 'slack' | 'teams';
  /** Business time. */
  readonly now: Temporal.Instant;
  /** Where the request came from; null outside a channel. A command that acts on it says `inChannel`. */
  readonly channel: Channel | null;
  /** What the platform says of a channel the person names; null: no such channel, or the bot is not in it. */
  readonly channelOf: (channel: string) => Promise<Channel | null>;
  /** Files that came with a written message: Teams has no field for a file, so there a command takes it along. */
  readonly attached: readonly Attached[];
  /** Fetches what a field of kind `file` or `attached` refers to. @throws Refusal with a `file.` code */
  readonly fetchFile: (ref: string, maximumBytes: number) => Promise<IncomingFile>;
}

export interface Attached {
  readonly ref: string;
  readonly name: string;
}

export interface Channel {
  readonly platform: 'slack' | 'teams';
  readonly workspace: string;
  readonly id: string;
  readonly name: string;
  /** How the outgoing queue reaches it. */
  readonly address: Readonly<Record<string, string>>;
  readonly botIsMember: boolean;
}

export interface Command {
  /** `plan create`; the words of the one command table. */
  readonly words: string;
  /** Shown by help: `plan create`, `license list CUSTOMER`. */
  readonly usage: string;
  /** One line for help and the Teams command list. */
  readonly does: string;
  readonly needs: Permission;
  /** Label of the button by which the work list offers it; absent: only typed. */
  readonly shortcut?: string;
  /** Whether `ask.channel` must be as the platform says now (is the bot in it?), at the price of asking. */
  readonly inChannel?: boolean;
  /** `rest` is what stands behind the words, trimmed; it may be empty. */
  run(ask: Ask, rest: string): Promise<Reply>;
}

export interface Step {
  /** Draws the step from what earlier steps answered; fields depend on earlier steps only. */
  draw(ask: Ask, context: Args, answers: Answers): Promise<FormView>;
  /**
   * Checks a step's answers before the next one opens; refusals name the field. The last step's check is `submit`.
   * What it found out may be kept beside the answers, under names that no field has: later steps depend on it.
   */
  check?(ask: Ask, context: Args, answers: Answers): Promise<Answers | void>;
  /**
   * Names of the fields this step may have: a late refusal returns to the step that has the field. One that ends with
   * a dot stands for all names that begin so.
   */
  readonly fields: readonly string[];
  /** Whether the step is shown at all, given earlier answers. */
  applies?(answers: Answers): boolean;
}

export interface Form {
  readonly name: string;
  readonly needs: Permission;
  readonly steps: readonly [Step, ...Step[]];
  /**
   * Reads what the form is about when it is opened: a `form` reply carries the context that the steps get from then on,
   * of this form or of another in its place; any other reply is answered instead.
   */
  opens?(ask: Ask, context: Args): Promise<Reply>;
  /** All steps' answers together; `seen`: the stamp of the last step as it was shown. The reply's message is the receipt. */
  submit(ask: Ask, answers: Answers, context: Args, seen: string): Promise<Reply>;
  /** Where one can go from a "no" of this form: stands beside the complaint. */
  wayOn?(refusal: Refusal, answers: Answers, context: Args): WayOn | null;
}

/** A button that leads from one form into another. */
export interface WayOn {
  readonly label: string;
  readonly form: string;
  readonly context: Args;
}

export interface Action {
  readonly name: string;
  readonly needs: Permission;
  run(ask: Ask, args: Args): Promise<Reply>;
}

/**
 * Options for a `lookup` field, at most 15 (Teams shows no more), for what was typed so far. An option's exact value
 * must find that option too: that is how a form that is drawn again shows what was chosen.
 */
export interface Lookup {
  readonly source: string;
  readonly needs: Permission;
  find(ask: Ask, typed: string): Promise<readonly Option[]>;
}

/** What waits for a person in one area, with the buttons that do it; no blocks when nothing waits. */
export interface HomePart {
  readonly needs: Permission;
  draw(ask: Ask): Promise<readonly Block[]>;
}

/** One chat capability in one file, served to Slack and Teams alike. */
export interface Feature {
  readonly commands?: readonly Command[];
  readonly forms?: readonly Form[];
  readonly actions?: readonly Action[];
  readonly lookups?: readonly Lookup[];
  readonly notices?: readonly Notice[];
  /** Its part of the work list, in the order of the feature table. */
  readonly home?: HomePart;
}

/** The work list that App Home and the Teams home card show. */
export type Home = (ask: Ask) => Promise<Message>;
