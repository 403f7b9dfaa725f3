export const licenses: Readonly<Record<string, string>> = {
  'license.duplicate':
    '{crossgrade, select, yes {{customer} already has {products}. A crossgrade is needed to give {plan}: it was kept among the waiting crossgrades.} other {{customer} already has {plan}.}}',
  'license.customer_suspended': '{customer} is suspended: nothing can be assigned until it is resumed.',
  'license.no_price': 'There is no annual price for {product} in {currency}: ask your distributor for one.',
  'license.nfr_exists': 'You have an NFR license of {product} already: one per product.',
  'license.nfr_units': 'An NFR license always has {units, number} units.',
  'license.nfr_start': 'An NFR license always starts today.',
  'license.start_past': 'The start date is today or later. Only an admin can go up to 30 days back.',
  'license.start_too_early': 'The start date can be {earliest} at the earliest: 30 days back.',
  'license.start_too_late': 'The start date can be {latest} at the latest: twelve months ahead.',
  'license.start_overlaps': 'The customer had {products} until after {startsOn}: choose a later start date.',
  'license.unbundled': '{product} stands without a plan: its units stay as they are and it is not renewed.',
  'license.plan_locked': '{plan} waits for a suite change to be approved: until then its licenses stay as they are.',
  'license.nfr_fixed': 'An NFR license stays as it is: its units and dates are fixed.',
  'license.removed': 'This license of {product} was removed.',
  'license.expired': 'This license of {product} is expired.',
  'license.units_same': '{product} has {units, number} units already.',
  'license.below_used':
    '{product} was used with {used, number} units in the last 7 days. Confirm that {units, number} is what you want.',
  'transactions.period': 'The period ends before it begins: give {from} or a later day.',
};
