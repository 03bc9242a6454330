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
export const MAX_METADATA_KEYS = 20;
export const MAX_METADATA_BYTES = 2048;
/** Of an order or a stock: 1 to 64 visible ASCII characters. */
export const REFERENCE_PATTERN = '^[!-~]{1,64}$';
const REFERENCE = new RegExp(REFERENCE_PATTERN);
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Whether an order needs more than a record of version 3 can carry. */
export function hasDetails({ quantity = 1, reference = null, metadata = null }: GivenDetails): boolean {
  return quantity > 1 || reference !== null || metadata !== null;
}

export function isQuantity(quantity: number): boolean {
  return Number.isSafeInteger(quantity) && quantity >= 1 && quantity <= MAX_QUANTITY;
}

export function isReference(text: string): boolean {
  return REFERENCE.test(text);
}

/** Whether the text is a JSON object within the limits whose values are texts. */
export function isMetadata(text: string): boolean {
  return Buffer.byteLength(text) <= MAX_METADATA_BYTES && !LONE_SURROGATE.test(text) && isObjectOfTexts(text);
}

function isObjectOfTexts(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const values: unknown[] = Object.values(value);
    return values.length <= MAX_METADATA_KEYS && values.every((item) => typeof item === 'string');
  } catch {
    return false;
  }
}
