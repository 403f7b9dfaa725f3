/** The side of the app that is not chat: the mails that it kept, and when it has something to do next. */
import type { Mail } from './protocol.ts';
import type { Stream } from './stream.ts';

const askEveryMs = 2000;
/** So long after the last message the app is asked at every round, then at every so many-th. */
const askForMs = 20_000;
const askSeldom = 10;

/** What the playground asks of the app behind it, beside chat. */
export interface Product {
  /** Look at business time now, and do what is due. */
  tick(): Promise<void>;
  /** Mails kept instead of sent, oldest first; with `after`, those after the mail with that id. */
  keptMails(after?: string): Promise<readonly Mail[]>;
  /** When something is due next. */
  nextDue(): Promise<Temporal.Instant | null>;
}

export interface AppLink {
  readonly mails: readonly Mail[];
  readonly nextDue: Temporal.Instant | null;
  connect(product: Product): void;
  disconnect(): void;
  /** Makes the app look at the clock, then asks what came of it. */
  tick(): Promise<void>;
  /** Asks now. */
  ask(): Promise<void>;
  stop(): Promise<void>;
}

export const createAppLink = (
  stream: Stream,
  told: { readonly onMail: (mail: Mail) => void; readonly onNextDue: () => void },
): AppLink => {
  const mails = new Map<string, Mail>();
  let product: Product | undefined;
  let nextDue: Temporal.Instant | null = null;

  const ask = async (): Promise<void> => {
    if (!product) return;
    for (const mail of await product.keptMails([...mails.keys()].at(-1))) {
      if (mails.has(mail.id)) continue;
      mails.set(mail.id, mail);
      told.onMail(mail);
    }
    const due = await product.nextDue();
    if (String(due) === String(nextDue)) return;
    nextDue = due;
    told.onNextDue();
  };

  let asking: Promise<void> | undefined;
  let stirredAt = performance.now();
  let quietRounds = 0;
  const unlisten = stream.listen((event) => {
    if (event === 'traffic' || event === 'clock') stirredAt = performance.now();
  });
  const timer = setInterval(() => {
    // When nothing goes over the wire hardly anything happens: the app's one database connection is left in peace.
    const isQuiet = performance.now() - stirredAt > askForMs;
    quietRounds = isQuiet ? quietRounds + 1 : 0;
    if (quietRounds % askSeldom !== 0) return;
    // A slow answer must not pile up questions; a failed one is asked again at the next round.
    asking ??= ask()
      .catch((error: unknown) => console.error('playground: the app did not tell its mails or next due time:', error))
      .finally(() => (asking = undefined));
  }, askEveryMs);
  timer.unref();

  return {
    get mails() {
      return [...mails.values()];
    },
    get nextDue() {
      return nextDue;
    },
    connect(app) {
      product = app;
    },
    disconnect() {
      product = undefined;
    },
    async tick() {
      await product?.tick();
      await ask();
    },
    ask,
    async stop() {
      clearInterval(timer);
      unlisten();
      await asking;
    },
  };
};
