import type { Actor } from '../../core/caller.ts';
import type { PlanReads } from '../../core/plans/reads.ts';
import type { Em } from '../orm.ts';

export const planReads = (_em: Em, _actor: Actor): PlanReads => ({}) as PlanReads;
