import t from 'tap';
import { startStripeServer } from '../../../ci/testing/gateways/start-stripe-server.ts';
import { createStripeEvents } from './stripe-events.ts';
import { createStripeGateway } from './stripe-gateway.ts';

const secretKey = 'sk_test_4eC39HqLyjWDarjtT1zdp7dc';
const webhookSecret = 'whsec_Kq8vL2mZ7pX4wN9tB3yR6cD1fG5hJ0aS';
const other = 'whsec_aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY';

t.test('events are verified by each secret and name a payment', async (t) => {
  const server = await startStripeServer({ secretKey, webhookSecret, webhookUrl: () => 'http://127.0.0.1:9' });
  t.teardown(() => server.close());
  const options = { secretKey, apiUrl: server.url };
  const { account, events } = server;
  const { sessionId } = await createStripeGateway(options).openSession({
    paymentId: 'pay_1',
    orderNo: '8-123',
    amountCents: 1999,
    currency: 'EUR',
    returnUrl: 'https://sale.example/',
    expiresAtMs: Date.now() + 3_600_000,
    name: 'A game console',
  });
  account.pay(sessionId as string);
  const chargeId = account.sessions.get(sessionId as string)?.payment_intent as string;
  account.createRefund({ payment_intent: chargeId, amount: '500' });
  account.openDispute(chargeId);

  const rotated = createStripeEvents(`${other},${webhookSecret}`, options);
  const another = createStripeEvents(other, options);
  const types: string[] = [];
  for (const event of events.takeAll()) {
    const { 'stripe-signature': signature = '' } = events.sign(event);
    const body = Buffer.from(event.body);
    const read = rotated.verify(body, signature);
    if (!read?.hint) throw new Error(`no hint: ${event.body}`);
    types.push(read.type);
    t.same(await rotated.findPayment(read.hint), { paymentId: 'pay_1', sessionId, chargeId }, read.type);
    t.equal(another.verify(body, signature), null, 'another secret');
    t.equal(rotated.verify(Buffer.concat([body, Buffer.from(' ')]), signature), null, 'another body');
    t.equal(rotated.verify(body, signature.replace(/t=\d+/, 't=1')), null, 'another time');
    t.equal(rotated.verify(body, ''), null, 'no signature');
  }
  t.same(types, ['checkout.session.completed', 'refund.created', 'charge.refunded', 'charge.dispute.created']);
  t.equal(await rotated.findPayment({ about: 'charge', chargeId: 'pi_of_another_program' }), null);
});

t.test('events that change no payment have no hint', async (t) => {
  const server = await startStripeServer({ secretKey, webhookSecret, webhookUrl: () => 'http://127.0.0.1:9' });
  t.teardown(() => server.close());
  const events = createStripeEvents(webhookSecret, { secretKey, apiUrl: server.url });
  const bodies = [
    { type: 'customer.created', data: { object: { id: 'cus_1' } } },
    { type: 'checkout.session.completed', data: { object: { id: 'cs_1', client_reference_id: null } } },
    { type: 'charge.refunded', data: { object: { id: 'ch_1', payment_intent: null } } },
  ];
  for (const content of bodies) {
    const body = JSON.stringify(Object.assign({ id: 'evt_1', object: 'event' }, content));
    const { 'stripe-signature': signature = '' } = server.events.sign({ id: 'evt_1', body });
    t.same(events.verify(Buffer.from(body), signature), { type: content.type, hint: null });
  }
});
