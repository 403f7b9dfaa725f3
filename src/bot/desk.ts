import type { Args, Answers, FormView, Message, Option, Reply } from './view.ts';
import type { Attached, Channel, WayOn } from './feature.ts';
import type { IncomingFile } from './fetch-file.ts';

/** Who is asking, as the platform says; the desk finds the person. */
export interface Delivery {
  readonly platform: 'slack' | 'teams';
  readonly workspace: string;
  readonly userId: string;
  /** The platform's own id of this delivery: Slack trigger id, Teams activity id. */
  readonly deliveryId: string;
  readonly channel: Channel | null;
  /** How to reach the person privately, when the delivery tells; kept for later notices. */
  readonly address: Readonly<Record<string, string>> | null;
  readonly channelOf: (channel: string) => Promise<Channel | null>;
  /** Files that came with it. */
  readonly attached?: readonly Attached[];
  readonly fetchFile?: (ref: string, maximumBytes: number) => Promise<IncomingFile>;
  /** Where a receipt should go, in the adapter's own words; kept with a form that this delivery opens. */
  readonly origin?: Args;
  /** Called as soon as it is certain that a form will open, before it is drawn: time for a skeleton. */
  readonly opening?: () => void;
}

/** A form as it stands: the draft is kept by the desk, the client carries only its id. */
export interface OpenForm {
  /** Names the draft and the step that is drawn; given back as it is. */
  readonly draftId: string;
  readonly view: FormView;
  /** 1-based place among the steps that apply now, and how many there are. */
  readonly step: number;
  readonly steps: number;
  /** Complaints by field name; a complaint that belongs to no field stands under ''. */
  readonly errors: Readonly<Record<string, string>>;
  /** Another form that takes one further than the complaint. */
  readonly wayOn?: WayOn;
}

export type Outcome = (Exclude<Reply, { kind: 'form' }> | { readonly kind: 'open'; readonly form: OpenForm }) & {
  /** Of `submit`: the `origin` of the delivery that opened the form. */
  readonly origin?: Args;
};

/** What both adapters speak to. Every call ends in an answer; nothing is thrown but a broken process. */
export interface Desk {
  /** `plan create`, also without arguments; unknown words get "did you mean". */
  command(delivery: Delivery, text: string): Promise<Outcome>;
  action(delivery: Delivery, action: string, args: Args): Promise<Outcome>;
  openForm(delivery: Delivery, form: string, context: Args): Promise<Outcome>;
  /**
   * The form as it stands, drawn anew without complaints. Teams cannot open a dialog from a typed command: it shows a
   * button, and the dialog opens with this when the person clicks, maybe much later.
   */
  resume(delivery: Delivery, draftId: string): Promise<Outcome>;
  /** Next step, the receipt, or the same step with complaints and all that was typed. */
  submit(delivery: Delivery, draftId: string, typed: Answers): Promise<Outcome>;
  /** One step back, with what was typed kept. */
  back(delivery: Delivery, draftId: string, typed: Answers): Promise<Outcome>;
  lookup(delivery: Delivery, source: string, typed: string): Promise<readonly Option[]>;
  home(delivery: Delivery): Promise<Message>;
}
