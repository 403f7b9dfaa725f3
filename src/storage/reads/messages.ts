import type { Actor } from '../../core/caller.ts';
import type { MessageReads } from '../../core/messages/reads.ts';
import type { Em } from '../orm.ts';

export const messageReads = (_em: Em, _actor: Actor): MessageReads => ({}) as MessageReads;
