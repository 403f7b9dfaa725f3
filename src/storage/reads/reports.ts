import type { Actor } from '../../core/caller.ts';
import type { ReportReads } from '../../core/reports/reads.ts';
import type { Em } from '../orm.ts';

export const reportReads = (_em: Em, _actor: Actor): ReportReads => ({}) as ReportReads;
