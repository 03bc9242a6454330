import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { ADMIN_ACTIONS } from '../../db/stocks/admin-action-table.ts';
import type { AdminAction } from '../../proto/gen/flashsale/v1/AdminAction.ts';
import { bearerSecurity, cursorQuery, nextCursor, time } from '../api/api-schemas.ts';
import { createCursors } from '../api/cursors.ts';
import { pageHeaders } from '../api/link-next-page.ts';
import type { Identify } from '../auth/identify.ts';
import type { Providers } from '../providers/connect-providers.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';

const LIST = 'actions';

export type ActionRoutesOptions = {
  config: Pick<ConsumerConfig, 'ORDER_NO_KEY'>;
  identify: Identify;
  providers: Pick<Providers, 'listActions'>;
};

/** GET /admin/actions: the log of administrators' actions. */
export function actionRoutes({ config, identify, providers }: ActionRoutesOptions) {
  const cursors = createCursors(config.ORDER_NO_KEY);
  return async (app: FastifyInstance): Promise<void> => {
    const api = app.withTypeProvider<TypeBoxTypeProvider>();
    const route = { schema: listSchema, onRequest: identify.adminOnly };
    api.get('/admin/actions', route, async (request, reply) => {
      const { limit, cursor, sid = 0 } = request.query;
      const list = sid === 0 ? LIST : `${LIST} of stock ${sid}`;
      const beforeId = Number(cursors.read(list, cursor));
      const page = await providers.listActions({ sid, beforeId, pageSize: limit });
      const next = cursors.link(request, reply, list, page.nextBeforeId);
      reply.header('cache-control', 'no-store');
      return { actions: page.actions.map(actionView), nextCursor: next };
    });
  };
}

function actionView({ actionId, atMs, actor, action, target, detail }: AdminAction) {
  return {
    actionId: String(actionId),
    at: new Date(atMs).toISOString(),
    action,
    target,
    who: actor?.subject ?? '',
    roles: actor?.roles ?? [],
    detail: JSON.parse(detail) as Record<string, unknown>,
    requestId: actor?.requestId ?? '',
  };
}

const actionSchema = Type.Object({
  actionId: Type.String({ description: 'Increases with time', examples: ['42'] }),
  at: time('Time, by the database’s clock'),
  who: Type.String({ description: '`sub` of the token', examples: ['boss'] }),
  roles: Type.Array(Type.String(), {
    description: 'Roles of the token that allowed the action',
    examples: [['operator']],
  }),
  action: Type.String({ description: `Such as ${ADMIN_ACTIONS.join(', ')}`, examples: ['updateStock'] }),
  target: Type.String({ description: 'Id of the stock or experiment, or the order number', examples: ['1001'] }),
  detail: Type.Unsafe<Record<string, unknown>>({
    type: 'object',
    additionalProperties: true,
    description: 'The requested fields',
    examples: [{ paused: true }],
  }),
  requestId: Type.String({ description: '`X-Request-Id` of the response and of the logs' }),
});

const listSchema = {
  operationId: 'listActions',
  summary: 'List administrators’ actions',
  description: [
    'Newest first: changes of stocks, refunds, exports of orders, started and cancelled audits, experiments. A change and its entry are',
    'written in one transaction. Refused calls, and calls that change nothing, have no entry. Entries are never changed.',
  ].join(' '),
  tags: ['admin'],
  security: bearerSecurity,
  querystring: Type.Object(
    {
      ...cursorQuery(1000, 100),
      sid: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: Number.MAX_SAFE_INTEGER,
          description: 'Only actions on this stock and on its orders',
          examples: [1001],
        }),
      ),
    },
    { additionalProperties: false },
  ),
  response: {
    200: Type.Object(
      { actions: Type.Array(actionSchema), nextCursor },
      { description: 'A page of actions', headers: pageHeaders },
    ),
  },
};
