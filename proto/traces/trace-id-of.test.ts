import { createHash } from 'node:crypto';
import t from 'tap';
import { traceIdOf, traceOf } from './trace-id-of.ts';

const orderNo = '42-01JDQ3V9M2X8Q4N6R7T5W1Y0ZB-K3M5N7P9QA';

t.test('the trace of an order is the SHA-256 of its number, as documented', async (t) => {
  const digest = createHash('sha256').update(`flash-sale/trace/v1/${orderNo}`).digest();
  t.same(traceOf(orderNo), {
    traceId: digest.subarray(0, 16).toString('hex'),
    spanId: digest.subarray(16, 24).toString('hex'),
  });
});

// Traces are kept for weeks, and processes of two releases serve one order.
t.test('the trace of an order never changes', async (t) => {
  t.equal(traceIdOf(orderNo), 'd867ecad931850e0937075d370a43186');
});
