import { readFileSync } from 'node:fs';
import t from 'tap';
import type { OrderEventType } from '../../../db/orders/order-event-table.ts';
import { EVENT_NAMES } from '../../../db/webhooks/event-types.ts';
import { readOrderEventData, toOrderEventMessage } from '../../../order-worker/events/order-event-message.ts';
import { toDrawEventMessage } from '../../../order-worker/events/to-draw-event-message.ts';
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
  const names = Object.entries(EVENT_NAMES).filter(([, name]) => /^(order|offer)\./.test(name));
  t.equal(names.length, 7);
  for (const [type] of names as [OrderEventType, string][]) {
    const details = { quantity: 3, reference: 'cart-4711', metadata: '{"colour":"red"}' };
    const message = toOrderEventMessage({ ...before, ...details, type, createdAtMs: 1 });
    t.match(message.data, { sid: '1001', total: { amount: 5997, currency: 'EUR' }, metadata: { colour: 'red' } });
    t.equal('payBy' in message.data, type === 'offer_made');
    const value = Buffer.from(JSON.stringify(message));
    checkTopicEvents(t, [{ value }]);
    checkWebhookEvents(t, [readEvent(value)?.body ?? '{}']);
  }
});

t.test('every type of event of a draw, and its webhook, is as described', async (t) => {
  const bytes = Buffer.alloc(32, 1);
  const draw = { sid: 1001, attempt: 2, drawId: bytes, entryCount: 0, root: bytes, seed: bytes };
  for (const type of ['stated', 'drawn', 'line_ended'] as const) {
    const event = { ...draw, orderNo: '1001/2', type, createdAtMs: 1, statement: Buffer.alloc(64, 1) };
    const value = Buffer.from(JSON.stringify(toDrawEventMessage(event)));
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
