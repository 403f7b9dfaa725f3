import { z } from 'zod';
import type { PersonActor } from '../caller.ts';
import type { UnitOfWork } from '../unit-of-work.ts';
import { defineUseCase } from '../use-case.ts';
import { SuiteChange } from './suite-change.ts';

/** Has the partner's licensing people told of a change, or shown how it stands by now. */
export const tellSuiteChange = (uow: Pick<UnitOfWork, 'enqueue'>, changeId: string): void =>
  uow.enqueue('notify', { topic: 'suite.changed', data: { changeId } });

/** Who is to be told about a suite change. */
export const suiteAudience = defineUseCase({
  kind: 'query',
  name: 'suite audience',
  needs: 'system',
  input: z.strictObject({ changeId: z.string() }),
  result: z.object({ people: z.array(z.custom<PersonActor>()) }),

  async run({ uow, reads }, { changeId }) {
    const { partnerId } = await uow.get(SuiteChange, changeId);
    return { people: [...(await reads.people.licensersOf(partnerId))] };
  },
});
