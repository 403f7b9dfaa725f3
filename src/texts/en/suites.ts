export const suites: Readonly<Record<string, string>> = {
  'suite.not_approved': 'This suite change waits for approval: approve it first.',
  'suite.approved': 'This suite change was approved already.',
  'suite.replaced': 'A newer suite change took the place of this one.',
  'suite.not_added': '{sku} is not a product that this change adds.',
  'suite.data_centre_required': 'Choose a data centre for: {products}.',
  'suite.data_centre_missing':
    'The services of {customer} stand where {product} is not offered. It is offered in: {allowed}.',
  'suite.nothing_open': '{customer} has no open license of {plan} any more.',
  'suite.nothing_left': '{customer} has nothing to be accepted for this change.',
  'suite.nobody_left': 'Nobody is left to be accepted.',
  'suite.term_over': 'The term of {plan} for {customer} ended on {endedOn}: renew it, then accept.',
  'suite.not_begun':
    '{plan} begins for {customer} on {startsOn}: the license of {product} cannot move to it before that day.',
  'suite.right_lost': 'The person who asked for this may not do it any more.',
};
