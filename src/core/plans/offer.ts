import { findProduct } from '../catalog/find-product.ts';
import { notFound } from '../errors.ts';
import type { Reads } from '../reads.ts';
import type { Offer } from './plan-fields.ts';

/** The product with this id, and what a plan of it gives licences of. */
export const offerOf = async (reads: Reads, productId: string): Promise<Offer> => {
  const offer = await reads.catalog.offer(productId);
  if (!offer) throw notFound('product', 'product');
  return offer;
};

/** By SKU, name or id. @throws Refusal as `findProduct` does */
export const findOffer = async (reads: Reads, product: string): Promise<Offer> =>
  offerOf(reads, await findProduct(reads, product));
