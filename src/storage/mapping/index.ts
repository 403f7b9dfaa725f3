import * as bookkeeping from './bookkeeping.ts';
import * as catalog from './catalog.ts';
import * as imports from './imports.ts';
import * as licensing from './licensing.ts';
import * as messaging from './messaging.ts';
import * as people from './people.ts';
import * as reporting from './reporting.ts';

/** Every mapping; the migrations are generated from these. */
export const mappings = [people, catalog, licensing, imports, reporting, messaging, bookkeeping].flatMap((area) =>
  Object.entries(area)
    .filter(([name]) => name.endsWith('Mapping'))
    .map(([, mapping]) => mapping),
) as never[];
