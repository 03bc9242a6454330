/** A shop's own data about a stock or an order. It travels and is stored as JSON text. */
export type Metadata = Record<string, string>;

export const MAX_METADATA_KEYS = 20;
/** Of the JSON text, in UTF-8. */
export const MAX_METADATA_BYTES = 2048;

/** Why the text cannot be metadata; null: it can. */
export function findMetadataFault(text: string): string | null {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_METADATA_BYTES) return `must have at most ${MAX_METADATA_BYTES} bytes as JSON, has ${bytes}`;
  const values = readValues(text);
  if (values === null || !text.isWellFormed() || !values.every((value) => typeof value === 'string')) {
    return 'must be a JSON object whose values are texts';
  }
  return values.length > MAX_METADATA_KEYS ? `must have at most ${MAX_METADATA_KEYS} keys` : null;
}

/** Null: not a JSON object. */
function readValues(text: string): unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.values(value) : null;
  } catch {
    return null;
  }
}
