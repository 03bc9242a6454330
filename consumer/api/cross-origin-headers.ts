/** The response headers that pages of other origins may read. */
export const EXPOSED_HEADERS = [
  'etag',
  'link',
  'location',
  'preference-applied',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'traceresponse',
  'www-authenticate',
  'x-request-id',
];

/** The origins of CORS_ORIGINS as browsers send them: in lower case, without the default port. */
export function parseOrigins(list: string): string[] {
  return list === '' ? [] : list.split(',').map((text) => new URL(text).origin);
}

/** The headers that @fastify/cors adds to a response that is not a preflight, by the request's `Origin`. */
export function crossOriginHeaders(list: string): (origin: string | undefined) => Record<string, string> {
  const origins = new Set(parseOrigins(list));
  if (origins.size === 0) return () => ({});
  const common = { vary: 'Origin', 'access-control-expose-headers': EXPOSED_HEADERS.join(', ') };
  return (origin) => {
    if (origin === undefined || !origins.has(origin)) return common;
    return { ...common, 'access-control-allow-origin': origin };
  };
}
