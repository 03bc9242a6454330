import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from '../../proto/messages/is-public-address.ts';

/** The endpoint is at an address that must not be called. */
export class PrivateAddressError extends Error {
  override name = 'PrivateAddressError';
}

/** Throws if the host of a URL is an address that is not public. Names are judged when they are resolved. */
export function refusePrivateHost({ hostname }: URL): void {
  const address = hostname.replace(/^\[|\]$/g, '');
  if (isIP(address) !== 0 && !isPublicAddress(address)) throw new PrivateAddressError(`${address} is not public`);
}

/**
 * Resolves a name for a connection, and fails if one of its addresses is not public. The connection is made to the address that was judged, so
 * a name that resolves to another one the next time does not pass.
 */
export const lookupPublic: LookupFunction = (hostname, options: LookupOptions, callback) => {
  const fail = (error: NodeJS.ErrnoException) => callback(error, '');
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) return fail(error);
    const hidden = addresses.find(({ address }) => !isPublicAddress(address));
    if (hidden) return fail(new PrivateAddressError(`${hostname} is at ${hidden.address}, which is not public`));
    const [first] = addresses;
    if (!first) return fail(new Error(`${hostname} has no address`));
    if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};
