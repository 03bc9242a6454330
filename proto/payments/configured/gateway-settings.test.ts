import t from 'tap';
import { Type } from 'typebox';
import { processSettings, readSettings } from '../../settings/read-settings.ts';
import { createGateway } from './create-gateway.ts';
import { completeGateway, gatewaySettings, stripeEventSettings } from './gateway-settings.ts';

const consumerSchema = Type.Object({ ...processSettings, ...gatewaySettings, ...stripeEventSettings });
const workerSchema = Type.Object({ ...processSettings, ...gatewaySettings });
const readConsumer = (env: NodeJS.ProcessEnv) => completeGateway(readSettings(consumerSchema, env));
const readWorker = (env: NodeJS.ProcessEnv) => completeGateway(readSettings(workerSchema, env));

const WEBHOOK_SECRET = `whsec_${Buffer.from('Kq8#vL2!mZ7@pX4$wN9%tB3^').toString('base64')}`;
const STRIPE_WEBHOOK_SECRET = 'whsec_Kq8vL2mZ7pX4wN9tB3yR6cD1fG5hJ0aS';
const live = {
  GATEWAY: 'stripe',
  STRIPE_SECRET_KEY: 'sk_live_4eC39HqLyjWDarjtT1zdp7dc',
  STRIPE_WEBHOOK_SECRET,
};
const test = { ...live, NODE_ENV: 'test', STRIPE_SECRET_KEY: 'sk_test_4eC39HqLyjWDarjtT1zdp7dc' };
const http = { GATEWAY: 'http', GATEWAY_URL: 'https://payments.shop.example/api', WEBHOOK_SECRET };

t.test('GATEWAY=stripe needs a key, and a consumer the secrets of its events', async (t) => {
  t.match(readConsumer(live), { NODE_ENV: 'production', STRIPE_API_URL: 'https://api.stripe.com', WEBHOOK_SECRET: '' });
  t.throws(() => readConsumer({ ...live, STRIPE_SECRET_KEY: '' }), /GATEWAY=stripe needs STRIPE_SECRET_KEY/);
  t.throws(() => readConsumer({ ...live, STRIPE_WEBHOOK_SECRET: '' }), /STRIPE_WEBHOOK_SECRET is required/);
  t.doesNotThrow(() => readConsumer({ ...live, STRIPE_SECRET_KEY: 'rk_live_4eC39HqLyjWDarjtT1zdp7dc' }));
  const another = 'whsec_aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY';
  t.doesNotThrow(() => readConsumer({ ...live, STRIPE_WEBHOOK_SECRET: `${another},${STRIPE_WEBHOOK_SECRET}` }));
  const { STRIPE_WEBHOOK_SECRET: _, ...calls } = live;
  t.doesNotThrow(() => readWorker(calls), 'an order-worker receives no events');
});

t.test('in production a test key and an API without TLS are refused; secrets are not shown', async (t) => {
  t.throws(() => readConsumer({ ...test, NODE_ENV: 'production' }), /is a test key/);
  t.throws(() => readWorker({ ...test, NODE_ENV: 'production' }), /is a test key/);
  t.throws(() => readConsumer({ ...live, STRIPE_API_URL: 'http://proxy.example:8080' }), /STRIPE_API_URL is http/);
  t.doesNotThrow(() => readConsumer({ ...test, STRIPE_API_URL: 'http://127.0.0.1:1' }));
  t.throws(() => readConsumer({ ...live, STRIPE_SECRET_KEY: 'pk_live_public' }), {
    message: /^(?!.*public).*STRIPE_SECRET_KEY/,
  });
});
t.test('GATEWAY=http needs the URL of the service and a secret of its own', async (t) => {
  t.doesNotThrow(() => readConsumer(http));
  t.doesNotThrow(() => readWorker(http));
  t.throws(() => readConsumer({ ...http, GATEWAY_URL: '' }), /GATEWAY=http needs GATEWAY_URL/);
  t.throws(() => readWorker({ ...http, WEBHOOK_SECRET: '' }), /WEBHOOK_SECRET is required/);
  t.throws(() => readConsumer({ ...http, GATEWAY_URL: 'payments.shop.example' }), /GATEWAY_URL/);
});

t.test('the configured gateway is created', async (t) => {
  t.match(await createGateway(readConsumer(live)), { name: 'stripe', sessionSeconds: { least: 1920 } });
  t.match(await createGateway(readConsumer(http)), { name: 'http' });
  t.match(await createGateway(readWorker({ GATEWAY: 'sandbox', NODE_ENV: 'test' })), { name: 'sandbox' });
  t.equal(await createGateway(readWorker({ GATEWAY: 'off' })), null);
});
