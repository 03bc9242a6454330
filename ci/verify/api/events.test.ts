import { readFileSync } from 'node:fs';
import t from 'tap';
import { EVENT_TYPES } from '../../../db/webhooks/event-types.ts';
import { readOrderEventData, toOrderEventMessage } from '../../../order-worker/events/order-event-message.ts';
import { readEvent } from '../../../order-worker/webhooks/read-event.ts';
import { eventsDocument } from '../../generate/events/events-document.ts';
import { checkTopicEvents, checkWebhookEvents } from '../../testing/orders/check-events.ts';
import { runRedocly } from './run-redocly.ts';

const DOCUMENT = 'docs/events.asyncapi.json';

t.test('docs/events.asyncapi.json is made of the schemas', async (t) => {
  t.same(eventsDocument(), JSON.parse(readFileSync(DOCUMENT, 'utf8')), 'otherwise: npm run generate');
});

t.test('redocly finds nothing in docs/events.asyncapi.json', async (t) => {
  const { passed, text } = runRedocly('lint', DOCUMENT);
  t.ok(passed, text);
});

const before = { orderNo: '1001-x', sid: 1001, buyer: 'ann', priceCents: 1999, currency: 'EUR' };

t.test('every type of event, and its webhook, is as described', async (t) => {
  for (const name of EVENT_TYPES) {
    const type = name.replace('order.', '') as 'confirmed';
    const details = { quantity: 3, reference: 'cart-4711', metadata: '{"colour":"red"}' };
    const message = toOrderEventMessage({ ...before, ...details, type, createdAtMs: 1 });
    t.match(message.data, { sid: '1001', total: { amount: 5997, currency: 'EUR' }, metadata: { colour: 'red' } });
    const value = Buffer.from(JSON.stringify(message));
    checkTopicEvents(t, [{ value }]);
    checkWebhookEvents(t, [readEvent(value)?.body ?? '{}']);
  }
});

t.test('an event of an earlier release is read as one of this release', async (t) => {
  const plain = { quantity: 1, reference: null, metadata: null };
  const { data } = toOrderEventMessage({ ...before, ...plain, type: 'paid', createdAtMs: 1 });
  t.same(readOrderEventData(before), data);
  t.same(readOrderEventData(data), data);
  const old = {
    specversion: '1.0',
    id: '1001-x:paid',
    type: 'order.paid',
    subject: '1001-x',
    time: '2026-11-29T00:00:00.000Z',
  };
  checkWebhookEvents(t, [readEvent(Buffer.from(JSON.stringify({ ...old, data: before })))?.body ?? '{}']);
});

t.test('what is no event of ours is no webhook', async (t) => {
  for (const value of [
    null,
    Buffer.from('{'),
    Buffer.from('[]'),
    Buffer.from('{"specversion":"1.0"}'),
    Buffer.alloc(99_999),
  ]) {
    t.equal(readEvent(value), null);
  }
});
