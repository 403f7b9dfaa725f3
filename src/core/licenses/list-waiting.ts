import { z } from 'zod';
import { unitTypes } from '../catalog/product.ts';
import { defineUseCase } from '../use-case.ts';

/** As many as a work list shows. */
const shown = 5;

/** The crossgrades of the partner that wait longest, and how many wait in all is the dashboard's figure. */
export const listWaitingCrossgrades = defineUseCase({
  kind: 'query',
  name: 'crossgrade list',
  needs: 'see',
  input: z.strictObject({}),
  result: z.object({
    items: z.array(
      z.object({
        customer: z.string(),
        company: z.string(),
        plan: z.string(),
        units: z.int(),
        unitType: z.enum(unitTypes),
      }),
    ),
  }),

  async run({ reads, actor }) {
    return { items: [...(await reads.licenses.waiting(actor.partnerId, shown))] };
  },
});
