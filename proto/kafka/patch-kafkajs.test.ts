import { createRequire } from 'node:module';
import t from 'tap';
import './kafka.ts';

// leaderless-partition.test.ts tests the other change, with two brokers.

const require = createRequire(import.meta.url);
const SaslAuthenticator = require('kafkajs/src/broker/saslAuthenticator/index.js');
const { KafkaJSProtocolError, KafkaJSRequestTimeoutError } = require('kafkajs/src/errors.js');

/** A login whose second request fails with this error. */
function logIn(error: Error): Promise<void> {
  const answers = [async () => ({ enabledMechanisms: ['PLAIN'] }), () => Promise.reject(error)];
  const connection = {
    sasl: { mechanism: 'plain', username: 'u', password: 'p' },
    send: () => answers.shift()?.(),
  };
  const logger = { namespace: () => ({ debug: () => undefined, error: () => undefined }) };
  const lookUp = { 17: { minVersion: 0, maxVersion: 1 }, 36: { minVersion: 0, maxVersion: 1 } };
  return new SaslAuthenticator(connection, logger, lookUp, true).authenticate();
}

t.test('a login without an answer is tried again', async (t) => {
  const error = new KafkaJSRequestTimeoutError('Request SaslAuthenticate timed out');
  await t.rejects(logIn(error), { name: 'KafkaJSRequestTimeoutError', retriable: true });
});

t.test('a login that the broker refuses is not tried again', async (t) => {
  const error = new KafkaJSProtocolError({
    type: 'SASL_AUTHENTICATION_FAILED',
    code: 58,
    message: 'wrong',
    retriable: false,
  });
  await t.rejects(logIn(error), { name: 'KafkaJSSASLAuthenticationError', retriable: false });
});
