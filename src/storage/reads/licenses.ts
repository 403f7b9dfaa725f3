import type { Actor } from '../../core/caller.ts';
import type { LicenseReads } from '../../core/licenses/reads.ts';
import type { Em } from '../orm.ts';

export const licenseReads = (_em: Em, _actor: Actor): LicenseReads => ({}) as LicenseReads;
