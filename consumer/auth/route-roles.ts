import { type Role, roles } from '../settings/parse-role-names.ts';

const READERS = roles;

/**
 * The roles of each route under /api/v1, besides `admin`. An operator changes stocks, finance refunds, a viewer reads. Routes that are not
 * listed need `admin`.
 */
export const routeRoles: Record<string, readonly Role[]> = {
  'GET /admin/live': READERS,
  'GET /admin/stocks': READERS,
  'GET /admin/stocks/:sid': READERS,
  'POST /admin/stocks': ['operator'],
  'POST /admin/stocks/bulk': ['operator'],
  'PATCH /admin/stocks/:sid': ['operator'],
  'DELETE /admin/stocks/:sid': ['operator'],
  'GET /admin/stocks/:sid/orders': READERS,
  'GET /admin/stocks/:sid/summary': READERS,
  'GET /admin/stocks/:sid/history': READERS,
  'GET /admin/stocks/:sid/draw': READERS,
  'POST /admin/stocks/:sid/entries/erase': ['operator'],
  'GET /admin/stocks/:sid/audit': READERS,
  'POST /admin/stocks/:sid/audit': READERS,
  'DELETE /admin/stocks/:sid/audit': READERS,
  'GET /admin/orders': READERS,
  'POST /admin/orders/:orderNo/cancel': ['operator', 'finance'],
  'GET /admin/orders/:orderNo/trace': READERS,
  'GET /admin/orders/:orderNo/payments': READERS,
  'GET /admin/payments': READERS,
  'GET /admin/payments/:paymentId': READERS,
  'GET /admin/orders/:orderNo/refunds': READERS,
  'GET /admin/orders/:orderNo/refunds/:refundId': READERS,
  'POST /admin/orders/:orderNo/refunds': ['finance'],
  'POST /admin/stocks/:sid/refunds': ['finance'],
  'GET /admin/dead-letters': READERS,
  'GET /admin/actions': READERS,
  'GET /admin/webhooks': READERS,
  // They change where events go, and their secrets: only `admin`.
  'POST /admin/webhooks': [],
  'PATCH /admin/webhooks/:webhookId': [],
  'DELETE /admin/webhooks/:webhookId': [],
  'POST /admin/webhooks/:webhookId/secrets': [],
  'GET /admin/webhooks/:webhookId': READERS,
  'GET /admin/webhooks/:webhookId/deliveries': READERS,
  'POST /admin/webhook-deliveries/:deliveryId/replay': ['operator'],
  'GET /admin/experiments': READERS,
  'GET /admin/experiments/:experimentId': READERS,
  'POST /admin/experiments': ['operator'],
};

/** The roles that allow a call of this route. */
export function rolesOf(method: string, url: string): Role[] {
  const route = `${method === 'HEAD' ? 'GET' : method} ${url.replace('/api/v1', '')}`;
  return ['admin', ...(routeRoles[route] ?? [])];
}
