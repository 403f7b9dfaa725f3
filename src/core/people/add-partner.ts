import { z } from 'zod';
import { isTimeZone } from '../calendar.ts';
import { invalid, notFound, rule } from '../errors.ts';
import { countryCode, languageTag } from '../places.ts';
import { emailAddress, lineOf, optionalLineOf, orNull } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { Partner } from './partner.ts';

const currencies = new Set(Intl.supportedValuesOf('currency'));

/** Enters a partner: a Tier 1, or with `parent` a Tier 2 below one. For whoever runs the desk, before anyone is linked. */
export const addPartner = defineUseCase({
  kind: 'command',
  name: 'partner add',
  needs: 'system',
  input: z.strictObject({
    /** Short name for files and scripts: lower-case letters, digits and dashes. */
    slug: z
      .string()
      .trim()
      .refine((slug) => /^[a-z0-9](-?[a-z0-9]){1,39}$/.test(slug), 'partner.slug_form'),
    company: lineOf(120),
    /** Slug of the Tier 1 above; left out: the partner is a Tier 1 itself. */
    parent: z.string().trim().min(1).optional(),
    kind: z.enum(['msp', 'reseller']).optional(),
    /** Company ID shown on usage reports; made up when left out. */
    guid: optionalLineOf(64),
    street: optionalLineOf(200),
    city: lineOf(80),
    state: lineOf(80),
    postalCode: optionalLineOf(20),
    country: lineOf(80).refine((text) => countryCode(text) !== null, 'customer.country_unknown'),
    contactFirstName: lineOf(80),
    contactLastName: lineOf(80),
    email: emailAddress,
    phone: optionalLineOf(40),
    timeZone: z.string().trim().min(1).refine(isTimeZone, 'partner.time_zone_unknown'),
    language: z
      .string()
      .trim()
      .default('en')
      .refine((text) => languageTag(text) !== null, 'customer.language_unknown'),
    currency: z
      .string()
      .trim()
      .toUpperCase()
      .refine((code) => currencies.has(code), 'price.currency_unknown'),
  }),
  result: z.object({ partnerId: z.string(), slug: z.string() }),

  async run({ uow, reads, now }, { parent: parentSlug, kind, guid, ...fields }) {
    if ((await reads.people.partnerIdBySlug(fields.slug)) !== null) {
      throw rule('partner.slug_taken', { field: 'slug' });
    }
    let parentId: string | null = null;
    if (parentSlug !== undefined) {
      parentId = await reads.people.partnerIdBySlug(parentSlug);
      if (parentId === null) throw notFound('partner', 'parent');
      const parent = await uow.get(Partner, parentId, 'parent');
      if (parent.tier !== 'tier_1') throw rule('partner.parent_not_tier_1', { field: 'parent' });
    } else if (kind !== undefined) throw invalid('partner.kind_of_tier_2', 'kind');
    const partner = new Partner({
      ...fields,
      id: uow.newId(),
      tier: parentId === null ? 'tier_1' : 'tier_2',
      kind: parentId === null ? null : (kind ?? 'msp'),
      parentId,
      guid: orNull(guid) ?? uow.newId(),
      street: orNull(fields.street),
      postalCode: orNull(fields.postalCode),
      phone: orNull(fields.phone),
      country: countryCode(fields.country)!,
      language: languageTag(fields.language)!,
      managedByDistributor: false,
      autoSubmitDays: 5,
      overProvisionThresholdPct: 20,
      autoApproveUncommented: true,
      fourEyesAbove: null,
      pricesPublished: false,
      crossgradeUndoMinutes: 60,
      createdAt: now,
    });
    uow.add(partner);
    return { partnerId: partner.id, slug: partner.slug };
  },
});
