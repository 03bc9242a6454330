import { isIP } from 'node:net';
import { EVENT_TYPES } from '../../../db/webhooks/event-types.ts';
import { isPublicAddress } from '../../../proto/messages/is-public-address.ts';
import { InvalidFieldError } from '../describe-fault.ts';

const MAX_URL = 2048;
const MAX_DESCRIPTION = 200;

/** The URL in its normal form. Where a name leads is judged at each call of the endpoint. */
export function checkUrl(text: string, addresses: 'public' | 'any'): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || url.href.length > MAX_URL)
    throw new InvalidFieldError('url', `must be a URL of at most ${MAX_URL} characters`);
  const isHttp = url.protocol === 'http:' && addresses === 'any';
  if (url.protocol !== 'https:' && !isHttp) throw new InvalidFieldError('url', 'must begin with https://');
  if (url.username || url.password) throw new InvalidFieldError('url', 'must not contain a user or password');
  if (url.hash) throw new InvalidFieldError('url', 'must not contain a fragment');
  const address = url.hostname.replace(/^\[|\]$/g, '');
  if (addresses === 'public' && isIP(address) !== 0 && !isPublicAddress(address))
    throw new InvalidFieldError('url', 'must not be a private address (WEBHOOK_ADDRESSES)');
  return url.href;
}

export function checkDescription(text: string): string {
  if (!text.isWellFormed() || [...text].length > MAX_DESCRIPTION)
    throw new InvalidFieldError('description', `must have at most ${MAX_DESCRIPTION} characters`);
  return text;
}

export function checkEvents(types: string[]): string[] {
  const known: readonly string[] = EVENT_TYPES;
  const wrong = types.find((type) => !known.includes(type));
  if (wrong !== undefined) throw new InvalidFieldError('events', `must be some of ${EVENT_TYPES.join(', ')}`);
  return [...new Set(types)];
}

export function checkState(state: string): 'active' | 'paused' {
  if (state !== 'active' && state !== 'paused') throw new InvalidFieldError('state', 'must be active or paused');
  return state;
}
