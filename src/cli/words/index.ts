import type { Word } from '../word.ts';
import { auditVerify } from './audit-verify.ts';
import { check } from './check.ts';
import { migrate, reset, seed } from './database.ts';
import { doctor } from './doctor.ts';
import { exec } from './exec.ts';
import { importWord } from './import.ts';
import { link, partnerAdd, personAdd } from './people.ts';

/** Every word of the command line, in the order of the help. */
export const words: readonly Word[] = [
  migrate,
  seed,
  reset,
  importWord,
  exec,
  partnerAdd,
  personAdd,
  link,
  doctor,
  check,
  auditVerify,
];
