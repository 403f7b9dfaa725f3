import { notFound, rule } from '../errors.ts';
import type { Reads } from '../reads.ts';

/**
 * Id of the product that a person names: by SKU, name or id, whatever the case. A SKU means its product even where
 * another has it for a name.
 * @throws Refusal `not_found`, or `catalog.ambiguous` where several products have the name, blaming `field`
 */
export const findProduct = async (
  { catalog }: Pick<Reads, 'catalog'>,
  named: string,
  field = 'product',
): Promise<string> => {
  const [product, ...others] = await catalog.named(named);
  if (!product) throw notFound('product', field);
  if (others.length > 0) {
    const skus = [product, ...others].map(({ sku }) => sku).join(', ');
    throw rule('catalog.ambiguous', { field, params: { product: named, skus } });
  }
  return product.id;
};
