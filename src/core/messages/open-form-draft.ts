import { z } from 'zod';
import { defineUseCase } from '../use-case.ts';
import { draftAnswers, draftWords, FormDraft } from './form-draft.ts';

/** Begins a form: kept on our side from its first step on, so that a chat client carries only its id. */
export const openFormDraft = defineUseCase({
  kind: 'scratch',
  name: 'form open',
  needs: 'see',
  input: z.object({
    form: z.string().min(1).max(100),
    context: draftWords,
    origin: draftWords.nullable(),
    answers: draftAnswers.default({}),
  }),
  result: z.object({ draftId: z.string() }),

  async run({ uow, actor, now }, { form, context, origin, answers }) {
    const draft = new FormDraft({
      id: uow.newId(),
      partnerId: actor.partnerId,
      personId: actor.personId,
      form,
      context,
      answers,
      step: 0,
      origin,
      createdAt: now,
    });
    uow.add(draft);
    return { draftId: draft.id };
  },
});
