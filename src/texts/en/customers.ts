export const customers: Readonly<Record<string, string>> = {
  'customer.account_taken': 'This account name is not available.',
  'customer.account_form': 'An account name is made of letters, digits and . _ - only.',
  'customer.account_mail_form': 'Say now, never, or a day as YYYY-MM-DD.',
  'customer.account_mail_past': 'The day must be today ({today}) or later.',
  'customer.account_mail_sent': 'The account-created mail was sent already: its day stays.',
  'customer.already_suspended': '{customer} is suspended already.',
  'customer.not_suspended': '{customer} is not suspended.',
  'customer.country_unknown': 'No country has this name. Give its English name or its two-letter code.',
  'customer.language_unknown': 'No language is known by this. Give its code, such as en or pt-BR.',
};
