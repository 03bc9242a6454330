/** What an order may have besides stock and buyer. Absent: one unit, no reference, no metadata. */
export type OrderDetails = {
  /** Units, 1 to MAX_QUANTITY. */
  quantity?: number;
  /** The shop's text. */
  reference?: string | null;
  /** The shop's: a JSON object whose values are texts, as text. */
  metadata?: string | null;
};

export type GivenDetails = { [Name in keyof OrderDetails]?: OrderDetails[Name] | undefined };

export const MAX_QUANTITY = 1000;

/** Whether an order needs more than a record of version 3 can carry. */
export function hasDetails({ quantity = 1, reference = null, metadata = null }: GivenDetails): boolean {
  return quantity > 1 || reference !== null || metadata !== null;
}

export function isQuantity(quantity: number): boolean {
  return Number.isSafeInteger(quantity) && quantity >= 1 && quantity <= MAX_QUANTITY;
}
