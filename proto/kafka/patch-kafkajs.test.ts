import { createRequire } from 'node:module';
import t from 'tap';
import './kafka.ts';

// leaderless-partition.test.ts tests the other change, with two brokers.

const require = createRequire(import.meta.url);
const SaslAuthenticator = require('kafkajs/src/broker/saslAuthenticator/index.js');
const ConsumerGroup = require('kafkajs/src/consumer/consumerGroup.js');
const BrokerPool = require('kafkajs/src/cluster/brokerPool.js');
const { KafkaJSProtocolError, KafkaJSRequestTimeoutError } = require('kafkajs/src/errors.js');
const logger = { namespace: () => ({ debug: () => undefined, error: () => undefined }) };

/** A login whose second request fails with this error. */
function logIn(error: Error): Promise<void> {
  const answers = [async () => ({ enabledMechanisms: ['PLAIN'] }), () => Promise.reject(error)];
  const connection = {
    sasl: { mechanism: 'plain', username: 'u', password: 'p' },
    send: () => answers.shift()?.(),
  };
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

const HOUR_MS = 3_600_000;

/** What `work` does while the wall clock is an hour ahead. */
async function whileAhead(work: () => Promise<unknown>): Promise<void> {
  const { now } = Date;
  Date.now = () => now() + HOUR_MS;
  try {
    await work();
  } finally {
    Date.now = now;
  }
}

t.test('a member whose clock was set back sends heartbeats', async (t) => {
  let sent = 0;
  const coordinator = { heartbeat: async () => ++sent };
  const group = new ConsumerGroup({ logger, instrumentationEmitter: { emit: () => undefined } });
  Object.assign(group, { coordinator, memberId: 'a member' });
  await whileAhead(() => group.heartbeat({ interval: 200 }));
  t.equal(sent, 1);
  await group.heartbeat({ interval: 200 });
  t.equal(sent, 2);
  await group.heartbeat({ interval: HOUR_MS });
  t.equal(sent, 2, 'the interval holds');
});

t.test('a client whose clock was set back reads metadata again', async (t) => {
  let reads = 0;
  const pool = new BrokerPool({ connectionPoolBuilder: {}, logger, metadataMaxAge: 2000 });
  pool.metadata = { topicMetadata: [{ topic: 'orders' }] };
  pool.refreshMetadata = async () => {
    reads += 1;
    pool.metadataExpireAt = Date.now() + pool.metadataMaxAge;
  };
  await whileAhead(() => pool.refreshMetadataIfNecessary(['orders']));
  t.equal(reads, 1);
  await pool.refreshMetadataIfNecessary(['orders']);
  t.equal(reads, 2);
  await pool.refreshMetadataIfNecessary(['orders']);
  t.equal(reads, 2, 'their age holds');
});
