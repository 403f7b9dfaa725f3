import type { Actor } from '../../core/caller.ts';
import type { DigestReads } from '../../core/digests/reads.ts';
import type { Em } from '../orm.ts';

export const digestReads = (_em: Em, _actor: Actor): DigestReads => ({}) as DigestReads;
