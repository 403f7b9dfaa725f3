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
  'transactions.period': 'The period ends before it begins: give {from} or a later day.',
};
