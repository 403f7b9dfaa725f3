import { z } from 'zod';
import { defineUseCase } from '../use-case.ts';
import { draftAnswers, FormDraft } from './form-draft.ts';

/** Keeps what was typed so far, and the step that is shown. @throws Refusal when it is not this person's, or too old. */
export const saveFormDraft = defineUseCase({
  kind: 'scratch',
  name: 'form save',
  needs: 'see',
  input: z.object({ draftId: z.uuid(), step: z.int().min(0).max(50), answers: draftAnswers }),
  result: z.object({}),

  async run({ uow, actor, now }, { draftId, step, answers }) {
    const draft = await uow.lock(FormDraft, draftId);
    draft.requireUsable(actor.personId, now);
    draft.step = step;
    draft.answers = answers;
    return {};
  },
});
