import { z } from 'zod';
import { defineUseCase } from '../use-case.ts';
import { scheduleFields, scheduleOf } from './schedule-fields.ts';
import { nextSlots } from './slots.ts';

/** The next three times a schedule would post, before anything is saved. */
export const previewDigest = defineUseCase({
  kind: 'query',
  name: 'digest preview',
  needs: 'administer',
  input: z.strictObject(scheduleFields),
  result: z.object({ timeZone: z.string(), next: z.array(z.iso.datetime()) }),

  // oxlint-disable-next-line require-await -- nothing has to be read
  async run({ actor, now }, fields) {
    const schedule = scheduleOf(fields, actor.timeZone);
    return { timeZone: schedule.timeZone, next: nextSlots(schedule, now, 3).map(String) };
  },
});
