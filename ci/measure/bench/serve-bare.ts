import Fastify from 'fastify';
import { createTokenVerifier } from '../../../consumer/auth/token-verifier.ts';
import { readConfig } from '../../../consumer/config.ts';
import { orderSchema } from '../../../consumer/orders/order-schemas.ts';
import { askedDetails, unreadOrderView } from '../../../consumer/orders/order-view.ts';

// The base of all ratios: Fastify without a backend. It has the route of an order, verifies the same token with the same library and
// cache, and responds with 201 and a body of the same size.

const config = readConfig();
const verify = createTokenVerifier(config);
const app = Fastify({ keepAliveTimeout: 75_000 });
const response = { 201: orderSchema };
const orderNo = '1000000000000000-0123456789ABCDEFGHJKMNPQRS-0123456789';

app.get('/health', async () => 'ok');
app.post<{ Params: { sid: number } }>(
  '/api/v1/stocks/:sid/orders',
  { schema: { response } },
  async (request, reply) => {
    await verify((request.headers.authorization ?? '').slice('Bearer '.length));
    reply.code(201).header('location', `/api/v1/orders/${orderNo}`).header('cache-control', 'no-store');
    return unreadOrderView(
      { orderNo, sid: Number(request.params.sid), state: 'awaiting_payment', decision: 'CONFIRMED' },
      askedDetails({}),
    );
  },
);
await app.listen({ port: config.CONSUMER_PORT, host: config.CONSUMER_HOST, backlog: 4096 });
process.on('SIGTERM', () => void app.close().then(() => process.exit(0)));
