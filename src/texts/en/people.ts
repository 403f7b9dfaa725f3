export const people: Readonly<Record<string, string>> = {
  'partner.slug_form': 'A short name is made of 2 to 40 lower-case letters, digits and single dashes.',
  'partner.slug_taken': 'A partner with this short name exists.',
  'partner.parent_not_tier_1': 'A partner stands below a Tier 1 only.',
  'partner.kind_of_tier_2': 'Only a Tier 2 is an MSP or a reseller: name its Tier 1 as parent.',
  'partner.time_zone_unknown': 'No time zone has this name. Give its IANA name, such as Europe/Berlin.',
  'person.email_taken': 'A person with this e-mail address exists.',
  'identity.taken': 'This chat account is linked to somebody already.',
};
