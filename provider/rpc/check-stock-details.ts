import { NO_DETAILS, type StockDetails } from '../../db/stocks/stock-details.ts';
import type { CreateStockRequest } from '../../proto/gen/flashsale/v1/CreateStockRequest.ts';
import type { UpdateStockRequest } from '../../proto/gen/flashsale/v1/UpdateStockRequest.ts';
import { isMetadata, isReference, MAX_METADATA_BYTES, MAX_METADATA_KEYS } from '../../proto/messages/order-details.ts';
import { InvalidFieldError } from './describe-fault.ts';

const MAX_DESCRIPTION = 2000;
const MAX_PICTURE_URL = 500;
const MAX_COMPARED_CENTS = 1_000_000_000_000;

/** The details of a new stock. Throws an InvalidFieldError. */
export function checkNewDetails(request: CreateStockRequest, priceCents: number): StockDetails {
  const { reference, metadata, description, pictureUrl, compareAtPriceCents } = request;
  const details = { reference, metadata, description, pictureUrl, compareAtPriceCents };
  const checked = { ...NO_DETAILS, ...checkDetails(details) };
  if ((checked.compareAtPriceCents ?? priceCents) < priceCents) throw comparedBelowPrice();
  return checked;
}

export function comparedBelowPrice(): InvalidFieldError {
  return new InvalidFieldError('compare_at_price_cents', 'must be at least the price');
}

type DetailChange = Pick<
  UpdateStockRequest,
  'reference' | 'metadata' | 'description' | 'pictureUrl' | 'compareAtPriceCents'
>;

/** The details that are set; an empty one is null. Throws an InvalidFieldError. */
export function checkDetails(change: DetailChange): Partial<StockDetails> {
  const { reference, metadata, description, pictureUrl, compareAtPriceCents } = change;
  const details: Partial<StockDetails> = {};
  if (reference !== undefined) details.reference = checkReference(reference);
  if (metadata !== undefined) details.metadata = checkMetadata(metadata);
  if (description !== undefined) details.description = checkDescription(description);
  if (pictureUrl !== undefined) details.pictureUrl = checkPictureUrl(pictureUrl);
  if (compareAtPriceCents !== undefined) details.compareAtPriceCents = checkComparedPrice(compareAtPriceCents);
  return details;
}

function checkReference(text: string): string | null {
  if (text !== '' && !isReference(text)) {
    throw new InvalidFieldError('reference', 'must be 1 to 64 visible ASCII characters');
  }
  return text || null;
}

function checkMetadata(text: string): string | null {
  if (text !== '' && !isMetadata(text)) {
    const limits = `at most ${MAX_METADATA_KEYS} keys and ${MAX_METADATA_BYTES} bytes`;
    throw new InvalidFieldError('metadata', `must be a JSON object whose values are texts, with ${limits}`);
  }
  return text === '{}' ? null : text || null;
}

function checkDescription(text: string): string | null {
  const description = text.trim();
  if (!description.isWellFormed()) throw new InvalidFieldError('description', 'contains a lone surrogate');
  if ([...description].length > MAX_DESCRIPTION) {
    throw new InvalidFieldError('description', `must have at most ${MAX_DESCRIPTION} characters`);
  }
  return description || null;
}

function checkPictureUrl(text: string): string | null {
  if (text === '') return null;
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || url.username || url.password || url.href.length > MAX_PICTURE_URL) {
    throw new InvalidFieldError('picture_url', `must be an https address of at most ${MAX_PICTURE_URL} characters`);
  }
  return url.href;
}

function checkComparedPrice(cents: number): number | null {
  if (!Number.isSafeInteger(cents) || cents < 0 || cents > MAX_COMPARED_CENTS) {
    throw new InvalidFieldError(
      'compare_at_price_cents',
      `must be an integer from 0 to ${MAX_COMPARED_CENTS}, is ${cents}`,
    );
  }
  return cents || null;
}
