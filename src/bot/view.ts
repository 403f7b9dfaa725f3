/**
 * What features say and ask, without a word of Slack or Teams. Two pure renderers draw it. The unions are closed:
 * a `switch` without `default` makes a new kind fail to compile in both. All text is literal: renderers escape it,
 * features never write markup.
 */

/** A run of text. `bold` for names and figures; `link` must be an http(s) address of our own making. */
export interface Span {
  readonly text: string;
  readonly bold?: boolean;
  readonly link?: string;
}
export type Text = string | readonly (string | Span)[];

export const bold = (text: string): Span => ({ text, bold: true });

/** Small, opaque, client-visible data: ids and versions. Authority never comes from it. */
export type Args = Readonly<Record<string, string>>;

export interface Confirm {
  readonly title: string;
  readonly text: string;
  readonly ok: string;
}

/**
 * `run`: does or reads something at once. `form`: opens a form. `link`: opens an address.
 * `decides` marks a button that changes something: it may stand only on messages that the bot posted itself.
 */
export type Button =
  | {
      readonly kind: 'run';
      readonly label: string;
      readonly action: string;
      readonly args: Args;
      readonly style?: 'primary' | 'danger';
      readonly confirm?: Confirm;
      readonly decides?: boolean;
    }
  | {
      readonly kind: 'form';
      readonly label: string;
      readonly form: string;
      readonly context: Args;
      readonly style?: 'primary' | 'danger';
      readonly decides?: boolean;
    }
  | { readonly kind: 'link'; readonly label: string; readonly url: string };

export interface Fact {
  readonly label: string;
  readonly value: Text;
}

export interface Row {
  /** First line: the thing's name. */
  readonly title: Text;
  /** Second line, smaller. */
  readonly detail?: Text;
  readonly button?: Button;
}

/** One thing before and after; lines stand below each other. */
export interface Compared {
  readonly name: Text;
  readonly before: Text;
  readonly after: Text;
}

export interface Column {
  readonly label: string;
  readonly align?: 'right';
}

export type Tone = 'info' | 'success' | 'warning' | 'danger';

export type Block =
  | { readonly kind: 'text'; readonly text: Text }
  /** A heading inside a message. */
  | { readonly kind: 'heading'; readonly text: string }
  /** A sentence that stands out. */
  | { readonly kind: 'notice'; readonly tone: Tone; readonly text: Text }
  /** Label and value pairs, at most 10. */
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  /** Things in a list, each with at most one button; at most 20. */
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  /** Figures; at most 6 columns and 20 rows. */
  | { readonly kind: 'table'; readonly columns: readonly Column[]; readonly rows: readonly (readonly string[])[] }
  /** Two states of things, side by side under two labels; at most 20. */
  | { readonly kind: 'compare'; readonly labels: readonly [string, string]; readonly rows: readonly Compared[] }
  /** At most 5 buttons. */
  | { readonly kind: 'buttons'; readonly buttons: readonly Button[] }
  /** ‹ 3/17 ›: pages in place. `args` come back with `page` added; `action` answers with a `replace` reply. */
  | {
      readonly kind: 'pager';
      readonly action: string;
      readonly args: Args;
      readonly page: number;
      readonly pages: number;
    }
  /** A bar for what takes a while; see `features/progress.ts`, and `src/jobs/progress-card.ts` for who moves it. */
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  /** A stored picture, by file id. */
  | { readonly kind: 'image'; readonly fileId: string; readonly alt: string }
  /** A stored file, by id, offered by signed link. */
  | { readonly kind: 'file'; readonly fileId: string; readonly name: string }
  /** Small grey words below. */
  | { readonly kind: 'context'; readonly text: Text }
  | { readonly kind: 'divider' };

export interface Message {
  /** Stands on top, and is what a notification shows. At most 150 characters. */
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface Option {
  /** Never contains a comma: Teams joins several with it. */
  readonly value: string;
  /** At most 75 characters. */
  readonly label: string;
  readonly description?: string;
}

interface Asked {
  /** The answer's name; a refusal's `field` names it. */
  readonly name: string;
  /** The licensing rules' words, as in the Excel heads. */
  readonly label: string;
  readonly hint?: string;
  readonly optional?: boolean;
}

export type Field = Asked &
  (
    | {
        readonly kind: 'text';
        readonly value?: string;
        readonly placeholder?: string;
        readonly multiline?: boolean;
        readonly maxLength?: number;
      }
    | { readonly kind: 'email'; readonly value?: string; readonly placeholder?: string }
    | { readonly kind: 'number'; readonly value?: string; readonly minimum?: number; readonly maximum?: number }
    /** `YYYY-MM-DD`. */
    | { readonly kind: 'date'; readonly value?: string }
    /** At most 100 options, known now. */
    | { readonly kind: 'select'; readonly options: readonly Option[]; readonly value?: string }
    | { readonly kind: 'multi'; readonly options: readonly Option[]; readonly value?: readonly string[] }
    /** Searched as one types; `source` names a lookup of the registry. `value` carries its label, or it would be lost. */
    | { readonly kind: 'lookup'; readonly source: string; readonly value?: Option }
    /** Yes or no: answered `true` or `false`. `confirms`: there is no going on without a yes, and the form says why. */
    | { readonly kind: 'toggle'; readonly value?: boolean; readonly caption?: string; readonly confirms?: boolean }
    /** One file; answered with a reference that `ask.fetchFile` takes. Only Slack has it: see `ask.attached`. */
    | { readonly kind: 'file'; readonly types: readonly string[]; readonly value?: undefined }
  );

/** One step of a form as it is drawn now. */
export interface FormView {
  /** At most 24 characters. */
  readonly title: string;
  /** The button's verb: Next, Save, Assign, Reject. At most 24 characters. */
  readonly submit: string;
  /** Shown above the fields: what this step is about, or a preview. */
  readonly intro?: readonly Block[];
  readonly fields: readonly Field[];
  /**
   * Stands for what is shown (the hash of a preview): letters, digits, `_` and `-`, at most 128. It goes to the client
   * and comes back with what is submitted, so that nothing is confirmed that was not seen. Authority never comes from it.
   */
  readonly stamp?: string;
}

/** What was typed, by field name. Empty answers are absent; several are a list; toggles `true` / `false`. */
export type Answers = Readonly<Record<string, string | readonly string[]>>;

export type Reply =
  /** An answer to the person who asked: ephemeral in Slack, in the private chat in Teams. */
  | { readonly kind: 'message'; readonly message: Message }
  /** Takes the place of the message (or ephemeral) that was clicked. */
  | { readonly kind: 'replace'; readonly message: Message }
  /** Opens a form. */
  | { readonly kind: 'form'; readonly form: string; readonly context: Args }
  /** "No", in core's words: beside `field` when it is one of the form's, else to the clicker. */
  | { readonly kind: 'refused'; readonly text: string; readonly field?: string };

/** Limits of both platforms: broken ones fail in tests, nothing is ever cut. */
export const limits = {
  messageTitle: 150,
  formTitle: 24,
  buttonLabel: 75,
  submitLabel: 24,
  /** Slack: text of a section. */
  text: 3000,
  facts: 10,
  factValue: 2000,
  rows: 20,
  tableColumns: 6,
  tableRows: 20,
  buttons: 5,
  options: 100,
  optionLabel: 75,
  /** Teams shows no more in a typeahead. */
  lookupOptions: 15,
  /** Slack: 50 blocks in a message, 100 in a view. */
  messageBlocks: 50,
  viewBlocks: 100,
  /** Slack: `value` of a button, JSON included. */
  args: 2000,
  /** Teams: a message, in bytes of UTF-16. */
  teamsBytes: 80_000,
} as const;
