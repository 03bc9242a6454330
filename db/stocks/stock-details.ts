/** What a shop says about a stock. Decisions do not read it. Null: not set. */
export type StockDetails = {
  /** Of the shop, such as a SKU: 1 to 64 visible ASCII characters. */
  reference: string | null;
  /** The shop's own data, for administrators: a JSON object whose values are texts, as text. */
  metadata: string | null;
  description: string | null;
  pictureUrl: string | null;
  /** In the currency's smallest unit, at least the price. */
  compareAtPriceCents: number | null;
};

/** Of a stock without details, such as one from a process of an earlier release. */
export const NO_DETAILS: StockDetails = {
  reference: null,
  metadata: null,
  description: null,
  pictureUrl: null,
  compareAtPriceCents: null,
};

export const DETAIL_COLUMNS = `reference, metadata, description, picture_url AS pictureUrl,
  compare_at_price_cents AS compareAtPriceCents`;

/** The values of reference, unique_reference, metadata, description, picture_url and compare_at_price_cents. */
export function detailValues(details: StockDetails, isUniqueReference: boolean): (string | number | null)[] {
  const { reference, metadata, description, pictureUrl, compareAtPriceCents } = details;
  return [reference, isUniqueReference ? reference : null, metadata, description, pictureUrl, compareAtPriceCents];
}
