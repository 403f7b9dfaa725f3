import { catalog } from './catalog.ts';
import { crossgrades } from './crossgrades.ts';
import { customers } from './customers.ts';
import { digests } from './digests.ts';
import { general } from './general.ts';
import { imports } from './imports.ts';
import { licenses } from './licenses.ts';
import { people } from './people.ts';
import { plans } from './plans.ts';
import { reports } from './reports.ts';
import { suites } from './suites.ts';

/** Refusal code → ICU message. Another language is another folder beside this one. */
export const english: Readonly<Record<string, string>> = {
  ...general,
  ...catalog,
  ...people,
  ...customers,
  ...imports,
  ...plans,
  ...licenses,
  ...crossgrades,
  ...suites,
  ...reports,
  ...digests,
};
