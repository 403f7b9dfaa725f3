import { z } from 'zod';
import type { Answers, Args } from '../view.ts';

/**
 * What our cards carry to the client and get back. All of it is visible to the person and can be sent again or
 * made up, so it is parsed like any other input and gives no right to anything.
 */

const args = z.record(z.string(), z.string());

/** Of an Action.Execute: the verb is the action's name. */
export const executeData = z.object({ args });
export const executeDataOf = (carried: Args): z.input<typeof executeData> => ({ args: { ...carried } });

/** Of a button that opens a dialog: a new form, or one that was drafted before. */
export const openData = z.union([
  z.object({ open: z.object({ form: z.string().min(1), context: args }) }),
  z.object({ resume: z.string().min(1) }),
]);
export const openDataOf = (target: z.input<typeof openData>): object => ({
  msteams: { type: 'task/fetch' },
  ...target,
});

/** Of the buttons inside a dialog; what was typed stands beside it. */
export const dialogData = z.looseObject({
  form: z.object({ draft: z.string().min(1), go: z.enum(['next', 'back']) }),
});
export const dialogDataOf = (draft: string, go: 'next' | 'back'): z.input<typeof dialogData> => ({
  form: { draft, go },
});

/** Of a button inside a dialog that puts another form into its place. */
export const goData = z.object({ go: z.object({ form: z.string().min(1), context: args }) });
export const goDataOf = (go: z.input<typeof goData>['go']): z.input<typeof goData> => ({ go });

/** Of a file consent card. */
export const consentData = z.object({ fileId: z.string().min(1), name: z.string() });
export type FileConsent = z.input<typeof consentData>;

/**
 * An input's id says how its value is to be read, since Teams sends texts only: several choices come joined by
 * commas, and nothing tells them from one text that has a comma.
 */
const oneOf = 'one:';
const manyOf = 'many:';
export const inputId = (name: string, many: boolean): string => `${many ? manyOf : oneOf}${name}`;

/** Teams cannot take back a choice in a drop-down; this one stands for none. */
export const noChoice = 'seatwise:none';

/** What was typed into a dialog. Empty answers are absent. */
export const answersOf = (data: Readonly<Record<string, unknown>>): Answers =>
  Object.fromEntries(
    Object.entries(data).flatMap(([id, value]): [string, string | readonly string[]][] => {
      // A number comes as a number from some clients and as text from others.
      const isTyped = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
      const typed = isTyped ? `${value}` : '';
      if (typed === '' || typed === noChoice) return [];
      if (id.startsWith(oneOf)) return [[id.slice(oneOf.length), typed]];
      if (id.startsWith(manyOf)) return [[id.slice(manyOf.length), typed.split(',').filter((part) => part !== '')]];
      return [];
    }),
  );
