import { defineEntity, p } from '@mikro-orm/core';
import { Price } from '../../core/catalog/price.ts';
import { Product, Vendor } from '../../core/catalog/product.ts';
import { Partner } from '../../core/people/partner.ts';
import { PlainDateType, type Columns } from '../columns.ts';
import { priceRows, sharedRows } from '../walls.ts';

export const VendorMapping = defineEntity({
  class: Vendor,
  tableName: 'vendor',
  ...sharedRows,
  properties: { id: p.uuid().primary(), name: p.text().unique('vendor_name_unique') } satisfies Columns<Vendor>,
} as any);

export const ProductMapping = defineEntity({
  class: Product,
  tableName: 'product',
  ...sharedRows,
  properties: {
    id: p.uuid().primary(),
    sku: p.text().unique('product_sku_unique'),
    name: p.text(),
    vendorId: () => p.manyToOne(Vendor).mapToPk().fieldName('vendor_id'),
    kind: p.text(),
    unitTypes: p.array(),
    versions: p.array(),
    nfrAllowed: p.boolean(),
    nfrUnits: p.integer().nullable(),
    dataCentres: p.array(),
    usageBasis: p.text(),
    creditsPerUnit: p.decimal().columnType('numeric').nullable(),
    endOfSaleOn: p.type(PlainDateType).nullable(),
    endOfLifeOn: p.type(PlainDateType).nullable(),
    provisioning: p.text(),
    remoteManager: p.boolean(),
    componentIds: p.array(),
  } satisfies Columns<Product>,
} as any);

export const PriceMapping = defineEntity({
  class: Price,
  tableName: 'price',
  ...priceRows,
  uniques: [
    {
      name: 'price_unique',
      properties: ['partnerId', 'productId', 'version', 'subscriptionType', 'currency', 'validFrom', 'fromUnits'],
    },
  ],
  checks: [{ name: 'price_not_negative', expression: 'price >= 0 and from_units >= 1' }],
  properties: {
    id: p.uuid().primary(),
    partnerId: () => p.manyToOne(Partner).mapToPk().fieldName('partner_id'),
    productId: () => p.manyToOne(Product).mapToPk().fieldName('product_id'),
    version: p.text(),
    subscriptionType: p.text(),
    currency: p.text(),
    validFrom: p.type(PlainDateType),
    fromUnits: p.integer(),
    price: p.decimal().columnType('numeric'),
  } satisfies Columns<Price>,
} as any);
