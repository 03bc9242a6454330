import { type ServiceError, status } from '@grpc/grpc-js';
import type { FastifyInstance } from 'fastify';
import { isStockId } from '../../proto/messages/order-record.ts';
import { takeAnyBody } from '../http/take-any-body.ts';
import type { Providers } from '../providers/connect-providers.ts';

/** /getStockNum: the units left of stock 1, or of `?sid=`, as plain text; 0 for an unknown stock or an error. */
export function stockNumRoute(providers: Providers) {
  return async (app: FastifyInstance): Promise<void> => {
    takeAnyBody(app);
    app.all<{ Querystring: { sid?: string } }>('/getStockNum', async (request, reply) => {
      reply.type('text/plain; charset=utf-8').header('cache-control', 'no-store');
      const sid = Number(request.query.sid ?? 1);
      if (!isStockId(sid)) return '0';
      try {
        const { left, servedBy } = await providers.getCurrentCount({ sid });
        reply.header('x-provider', servedBy);
        return String(left);
      } catch (error) {
        if ((error as ServiceError).code === status.NOT_FOUND) return '0';
        request.log.warn({ err: error, url: request.url }, 'units left unknown');
        reply.header('x-failed', '1');
        return '0';
      }
    });
  };
}
