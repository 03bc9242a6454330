const BASE = '/api/v1';

/** The path under /api/v1 in a header Location. Undefined if it is missing, of another order, or outside the API. */
export function readLocation(location: string | null | undefined, orderNo: string): string | undefined {
  const plain = plainAddress(orderNo);
  const path = location?.startsWith(`${BASE}/`) ? location.slice(BASE.length) : undefined;
  return path === plain || path?.startsWith(`${plain}?`) ? path : undefined;
}

export function plainAddress(orderNo: string): string {
  return `/orders/${encodeURIComponent(orderNo)}`;
}

/** The event stream of the order at `address`, with the same query. */
export function eventsAddress(address: string): string {
  const [path, query] = address.split('?', 2);
  return `${path}/events${query === undefined ? '' : `?${query}`}`;
}
