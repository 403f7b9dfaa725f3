import { z } from 'zod';
import { defineUseCase } from '../use-case.ts';
import { draftAnswers, draftWords, FormDraft } from './form-draft.ts';

/** A person's own form as it stands. @throws Refusal when it is not this person's, or too old. */
export const findFormDraft = defineUseCase({
  kind: 'query',
  name: 'form find',
  needs: 'see',
  input: z.object({ draftId: z.uuid() }),
  result: z.object({
    draftId: z.string(),
    form: z.string(),
    context: draftWords,
    answers: draftAnswers,
    step: z.int(),
    origin: draftWords.nullable(),
  }),

  async run({ uow, actor, now }, { draftId }) {
    const draft = await uow.get(FormDraft, draftId);
    draft.requireUsable(actor.personId, now);
    const { form, context, answers, step, origin } = draft;
    return { draftId, form, context: { ...context }, answers: { ...answers }, step, origin };
  },
});
