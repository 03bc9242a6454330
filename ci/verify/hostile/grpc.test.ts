import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import t from 'tap';
import { OrderService, StockService } from '../../../proto/messages/load-protos.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { startTarget, targetSecrets } from '../../testing/servers/target.ts';

// Calls to a provider's port that no correct consumer sends, with and without its token.

const target = await startTarget(t);
const sid = await createTestStock(target.servers.mysql, { count: 5 });
const ladderSid = await createTestStock(target.servers.mysql, { count: 5, kind: 'ladder' });
await target.settle();
const client = new Client(`127.0.0.1:${target.providerPort}`, credentials.createInsecure());
t.teardown(() => client.close());

const OK_TOKEN = `Bearer ${targetSecrets.PROVIDER_TOKEN}`;
const services = { ...StockService.service, ...OrderService.service };
type Rpc = Extract<keyof typeof services, string>;
type Call = { token?: string | null; deadline?: number | null };
type Row = [name: string, rpc: Rpc | `/${string}`, request: object | Buffer, code: status, call?: Call];

/** Returns the status of the answer. Bytes are sent unchanged. */
function call(
  rpc: Rpc | `/${string}`,
  request: object | Buffer,
  { token = OK_TOKEN, deadline }: Call = {},
): Promise<status> {
  const method = rpc.startsWith('/') ? undefined : services[rpc as Rpc];
  const metadata = new Metadata();
  if (token !== null) metadata.set('authorization', token);
  const bytes = Buffer.isBuffer(request) || !method ? (request as Buffer) : method.requestSerialize(request as never);
  const options = deadline === null ? {} : { deadline: Date.now() + (deadline ?? 8000) };
  return new Promise((resolve) => {
    const path = method?.path ?? rpc;
    const unchanged = (buffer: Buffer) => buffer;
    client.makeUnaryRequest(path, unchanged, unchanged, bytes, metadata, options, (error) =>
      resolve(error?.code ?? status.OK),
    );
  });
}

const order = (more: object = {}) => ({
  orderNo: `${sid}-x`,
  sid,
  buyer: 'ann',
  mintedAtMs: 1,
  repeat: false,
  ...more,
});
const place = (...orders: object[]) => ({ orders, replyTo: '' });
const many = <T>(item: T) => Array.from({ length: 1001 }, () => item);
// Field 1, a varint: 2^53, the largest and the smallest integer.
const id = (...bytes: number[]) => Buffer.from([0x08, ...bytes]);
const TWO_53 = id(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10);
const LARGEST = id(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f);
const SMALLEST = id(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01);
const stock = { name: 'A', count: 1, priceCents: 1, currency: 'EUR' };
const payment = { eventId: 'e', paymentId: 'p', orderNo: `${sid}-x`, amountCents: 1, currency: 'CNY' };

const manyPayments = Array.from({ length: 101 }, () => payment);

const { INVALID_ARGUMENT, UNAUTHENTICATED, UNIMPLEMENTED, NOT_FOUND } = status;
const strategies: Rpc[] = [
  ...(['CreateWrongOrder', 'CreatePessimisticOrder', 'CreateOptimisticOrder'] as const),
  ...(['CreateOptimisticOrderUseRedis', 'CreateOptimisticOrderUseRedisAndKafka'] as const),
];
const rows: Row[] = [
  ...(Object.keys(services) as Rpc[]).map(
    (rpc): Row => [`${rpc} without a token`, rpc, {}, UNAUTHENTICATED, { token: null }],
  ),
  [
    'a strategy of the ladder without a token',
    'CreateWrongOrder',
    { sid: ladderSid },
    UNAUTHENTICATED,
    { token: null },
  ],
  ['a wrong token', 'GetStock', { sid }, UNAUTHENTICATED, { token: `Bearer ${'x'.repeat(32)}` }],
  ['half of the token', 'GetStock', { sid }, UNAUTHENTICATED, { token: OK_TOKEN.slice(0, 20) }],
  ['the token with a suffix', 'GetStock', { sid }, UNAUTHENTICATED, { token: `${OK_TOKEN}x` }],
  ['the token without Bearer', 'GetStock', { sid }, UNAUTHENTICATED, { token: targetSecrets.PROVIDER_TOKEN }],
  ['a buyer’s token', 'GetStock', { sid }, UNAUTHENTICATED, { token: 'Bearer a.b.c' }],
  [
    'reflection without a token',
    '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
    Buffer.alloc(0),
    UNAUTHENTICATED,
    { token: null },
  ],
  ['an unknown method', '/flashsale.v1.OrderService/DropOrders', Buffer.alloc(0), UNIMPLEMENTED],
  ['an unknown service', '/flashsale.v1.AdminService/GetStock', Buffer.alloc(0), UNIMPLEMENTED],
  ['an invalid path', '/../../etc/passwd', Buffer.alloc(0), UNIMPLEMENTED],
  ['no deadline', 'GetStock', { sid }, status.OK, { deadline: null }],
  ['a deadline in the past', 'PlaceOrders', place(order()), status.DEADLINE_EXCEEDED, { deadline: -1000 }],
  ['a deadline of 0 ms', 'PlaceOrders', place(order()), status.DEADLINE_EXCEEDED, { deadline: 0 }],
  ['invalid bytes', 'GetStock', Buffer.from([0xff, 0xff, 0xff]), status.INTERNAL],
  ['a truncated message', 'PlaceOrders', Buffer.from([0x0a, 0x7f, 0x01]), status.INTERNAL],
  ['5 MB', 'PlaceOrders', Buffer.alloc(5_000_000, 0x0a), status.RESOURCE_EXHAUSTED],
  [
    '4 MB of an unknown field',
    'GetStock',
    Buffer.concat([Buffer.from([0xfa, 0x01, 0x80, 0x89, 0x7a]), Buffer.alloc(2_000_000)]),
    INVALID_ARGUMENT,
  ],
  ['no orders', 'PlaceOrders', place(), INVALID_ARGUMENT],
  ['1,001 orders', 'PlaceOrders', place(...many(order())), INVALID_ARGUMENT],
  ['no order numbers', 'GetOrders', { orderNos: [] }, INVALID_ARGUMENT],
  ['1,001 order numbers', 'GetOrders', { orderNos: many('1-a') }, INVALID_ARGUMENT],
  ['an order number of SQL', 'GetOrders', { orderNos: ["1' OR '1'='1"] }, INVALID_ARGUMENT],
  ['no stocks', 'GetStocks', { items: [] }, INVALID_ARGUMENT],
  ['101 stocks', 'GetStocks', { items: many({ sid }).slice(0, 101) }, INVALID_ARGUMENT],
  ['no pairs', 'FindLiveOrders', { pairs: [] }, INVALID_ARGUMENT],
  ['1,001 pairs', 'FindLiveOrders', { pairs: many({ sid, buyer: 'ann' }) }, INVALID_ARGUMENT],
  ['a pair of a negative stock', 'FindLiveOrders', { pairs: [{ sid: -1, buyer: 'ann' }] }, INVALID_ARGUMENT],
  ...[-1, 0].flatMap((wrong): Row[] => [
    [`stock ${wrong}`, 'GetStock', { sid: wrong }, INVALID_ARGUMENT],
    [`the count of stock ${wrong}`, 'GetCurrentCount', { sid: wrong }, INVALID_ARGUMENT],
    [`the audit of stock ${wrong}`, 'AuditStock', { sid: wrong }, INVALID_ARGUMENT],
    [`a change of stock ${wrong}`, 'UpdateStock', { sid: wrong, name: 'x' }, INVALID_ARGUMENT],
    [`an order of stock ${wrong}`, 'PlaceOrders', place(order({ sid: wrong })), INVALID_ARGUMENT],
    ...strategies.map((rpc): Row => [`${rpc} of stock ${wrong}`, rpc, { sid: wrong }, INVALID_ARGUMENT]),
  ]),
  ['stock 2^53', 'GetStock', TWO_53, INVALID_ARGUMENT],
  ['stock 2^63 - 1', 'GetStock', LARGEST, INVALID_ARGUMENT],
  ['stock -2^63', 'GetStock', SMALLEST, INVALID_ARGUMENT],
  ['an unknown stock', 'GetStock', { sid: 4_040_404 }, NOT_FOUND],
  ['the audit of an unknown stock', 'AuditStock', { sid: 4_040_404 }, NOT_FOUND],
  ['an order without a number', 'PlaceOrders', place(order({ orderNo: '' })), INVALID_ARGUMENT],
  ['an order number of 65 characters', 'PlaceOrders', place(order({ orderNo: 'x'.repeat(65) })), INVALID_ARGUMENT],
  ['a buyer with a blank', 'PlaceOrders', place(order({ buyer: 'an n' })), INVALID_ARGUMENT],
  ['a buyer of 256 characters', 'PlaceOrders', place(order({ buyer: 'a'.repeat(256) })), INVALID_ARGUMENT],
  ['a buyer outside ASCII', 'PlaceOrders', place(order({ buyer: 'änn' })), INVALID_ARGUMENT],
  ['a negative time', 'PlaceOrders', place(order({ mintedAtMs: -1 })), INVALID_ARGUMENT],
  ['a time out of range', 'PlaceOrders', place(order({ mintedAtMs: 9e15 })), INVALID_ARGUMENT],
  [
    'a reply channel with a line break',
    'PlaceOrders',
    { orders: [order()], replyTo: 'x\r\nPUBLISH y' },
    INVALID_ARGUMENT,
  ],
  ['a stock without a name', 'CreateStock', { ...stock, name: ' ' }, INVALID_ARGUMENT],
  ['a stock of -1 units', 'CreateStock', { ...stock, count: -1 }, INVALID_ARGUMENT],
  ['a stock at a negative price', 'CreateStock', { ...stock, priceCents: -1 }, INVALID_ARGUMENT],
  ['a stock of another kind', 'CreateStock', { ...stock, kind: 'gift' }, INVALID_ARGUMENT],
  ['a stock with a negative id', 'CreateStock', { ...stock, sid: -1 }, INVALID_ARGUMENT],
  ['a stock that exists', 'CreateStock', { ...stock, sid }, status.ALREADY_EXISTS],
  ['an empty change', 'UpdateStock', { sid }, INVALID_ARGUMENT],
  ['a page of 1,001 stocks', 'ListStocks', { pageSize: 1001 }, INVALID_ARGUMENT],
  ['orders without a buyer', 'ListOrders', {}, INVALID_ARGUMENT],
  ['a cursor of SQL', 'ListOrders', { buyer: 'ann', cursor: "' OR 1=1" }, INVALID_ARGUMENT],
  ['no payments to find', 'FindPayments', {}, INVALID_ARGUMENT],
  [
    '101 payments to find',
    'FindPayments',
    { orderNos: Array(51).fill('1-a'), paymentIds: Array(50).fill('p') },
    INVALID_ARGUMENT,
  ],
  ['a payment id of SQL', 'FindPayments', { paymentIds: ["' OR 1=1"] }, INVALID_ARGUMENT],
  ['an order number of SQL to find', 'FindPayments', { orderNos: ["' OR 1=1"] }, INVALID_ARGUMENT],
  ['no payments to start', 'StartPayments', { items: [] }, INVALID_ARGUMENT],
  ['101 payments to start', 'StartPayments', { items: manyPayments }, INVALID_ARGUMENT],
  ['no payments to record', 'RecordPayments', { items: [] }, INVALID_ARGUMENT],
  ['101 payments to record', 'RecordPayments', { items: manyPayments }, INVALID_ARGUMENT],
  ['a payment of a negative amount', 'RecordPayment', { ...payment, amountCents: -1 }, INVALID_ARGUMENT],
  ['a payment without an event', 'RecordPayment', { ...payment, eventId: '' }, INVALID_ARGUMENT],
  [
    'a payment with an event of 101 characters',
    'RecordPayment',
    { ...payment, eventId: 'e'.repeat(101) },
    INVALID_ARGUMENT,
  ],
  ['a refund without a reason', 'RefundOrder', { orderNo: '1-a', reason: '' }, INVALID_ARGUMENT],
  ['a payment without a buyer', 'StartPayment', { orderNo: '1-a', buyer: '' }, INVALID_ARGUMENT],
];

for (const [name, rpc, request, code, options] of rows) {
  t.test(name, async (t) => {
    t.equal(status[await call(rpc, request, options)], status[code]);
  });
}

t.test('nothing was changed', (t) => target.isUnharmed(t));
