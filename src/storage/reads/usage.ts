import type { Actor } from '../../core/caller.ts';
import type { UsageReads } from '../../core/usage/reads.ts';
import type { Em } from '../orm.ts';

export const usageReads = (_em: Em, _actor: Actor): UsageReads => ({}) as UsageReads;
