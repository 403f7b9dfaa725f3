export const crossgrades: Readonly<Record<string, string>> = {
  'crossgrade.not_needed': 'Nothing stands in the way of {plan}: assign it instead of a crossgrade.',
  'crossgrade.same_plan': 'The customer has {plan} already: its licenses are changed by seats and renewal.',
  'crossgrade.trial_over_full': '{plan} is a trial and cannot replace the full license of {product}.',
  'crossgrade.unit_type': '{product} is counted by {held} now and by {planned} in the new plan: it cannot be moved.',
  'crossgrade.data_centre':
    'The data of {product} is kept in: {held}. The new plan says: {planned}. It cannot be moved.',
  'crossgrade.start_today': '{product} moves today. Only a new license of software can start later.',
  'crossgrade.service_moves': '{product} is a service: its license always moves, a new one would lose its data.',
  'crossgrade.start_none': 'The term of {product} is over: its license can only move to the plan.',
  'crossgrade.start_outside': 'The new license of {product} starts between {earliest} and {latest}.',
  'crossgrade.no_choice': 'There is nothing to choose for {sku}: the customer has no license of it in this plan.',
  'crossgrade.no_leftover': '{sku} is not left over by this crossgrade.',
  'crossgrade.tick': 'Tick this to go on: {products} will stand without a plan.',
  'crossgrade.stale': 'Something changed since the preview. Look at the new one before you go on.',
  'crossgrade.undone': 'This crossgrade was undone already.',
  'crossgrade.undo_over':
    'A crossgrade can be undone for {minutes, plural, one {# minute} other {# minutes}}; that time is over.',
  'crossgrade.undo_touched': 'One of the licenses was changed since: the crossgrade cannot be undone any more.',
};
