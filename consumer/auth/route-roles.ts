/** Roles of a token beside `admin`, which may do everything. */
export const roles = ['viewer', 'operator', 'finance'] as const;
export type Role = (typeof roles)[number] | 'admin';

const READERS = roles;

/**
 * Which roles may make which call under /api/v1, beside `admin`. An operator changes what is for sale, finance gives money back, a
 * viewer reads. A call that is not listed is for `admin` alone.
 */
export const routeRoles: Record<string, readonly Role[]> = {
  'GET /admin/live': READERS,
  'GET /admin/stocks': READERS,
  'POST /admin/stocks': ['operator'],
  'PATCH /admin/stocks/:sid': ['operator'],
  'DELETE /admin/stocks/:sid': ['operator'],
  'GET /admin/stocks/:sid/orders': READERS,
  'GET /admin/stocks/:sid/audit': READERS,
  'POST /admin/stocks/:sid/audit': READERS,
  'DELETE /admin/stocks/:sid/audit': READERS,
  'GET /admin/orders/:orderNo/trace': READERS,
  'POST /admin/orders/:orderNo/refunds': ['finance'],
  'GET /admin/actions': READERS,
  'GET /admin/experiments': READERS,
  'GET /admin/experiments/:experimentId': READERS,
  'POST /admin/experiments': ['operator'],
};

/** The roles that may make the call of this route. */
export function rolesOf(method: string, url: string): Role[] {
  const route = `${method === 'HEAD' ? 'GET' : method} ${url.replace('/api/v1', '')}`;
  return ['admin', ...(routeRoles[route] ?? [])];
}
