import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Changes kafkajs 2.2.4 in this process. A test beside this file fails if one of the changes stops working. */
export function patchKafkajs(): void {
  patchLeaderlessPartitions();
  patchLogins();
  patchClock();
}

/**
 * While one partition has no leader, kafkajs 2.2.4 rejects all metadata of the topic, so that no partition can be used. This patch accepts the
 * metadata and omits the partition without a leader from requests: an append to it rejects.
 */
function patchLeaderlessPartitions(): void {
  type Partition = { partitionErrorCode: number };
  type Metadata = { topicMetadata: { partitionMetadata: Partition[] }[] };
  type Parse = (data: Metadata) => Promise<unknown>;
  const led = ({ partitionMetadata, ...rest }: Metadata['topicMetadata'][number]) => ({
    ...rest,
    partitionMetadata: partitionMetadata.map((partition) => ({ ...partition, partitionErrorCode: 0 })),
  });
  for (let version = 0; version <= 6; version += 1) {
    const response = require(`kafkajs/src/protocol/requests/metadata/v${version}/response.js`) as { parse: Parse };
    const { parse } = response;
    response.parse = (data) => parse({ ...data, topicMetadata: data.topicMetadata.map(led) });
  }
  type ByLeader = Record<string, number[]>;
  type Find = (this: unknown, topic: string, partitions: (number | string)[]) => ByLeader;
  const { prototype } = require('kafkajs/src/cluster/index.js') as { prototype: { findLeaderForPartitions: Find } };
  const find = prototype.findLeaderForPartitions;
  prototype.findLeaderForPartitions = function (topic, partitions) {
    const { '-1': _none, ...byLeader } = find.call(this, topic, partitions);
    return byLeader;
  };
}

/**
 * kafkajs reports a login that the broker did not answer in time, or whose connection broke, as one that was refused, which ends a consumer. This
 * patch rejects with what happened, which is tried again. A refusal is an answer of the broker.
 */
function patchLogins(): void {
  type Send = (request: unknown) => Promise<unknown>;
  type Authenticator = { connection: { send: Send } };
  const { prototype } = require('kafkajs/src/broker/saslAuthenticator/index.js') as {
    prototype: { authenticate(this: Authenticator): Promise<void> };
  };
  const { authenticate } = prototype;
  prototype.authenticate = async function () {
    const { connection } = this;
    let failure: Error | undefined;
    const send: Send = (request) =>
      connection.send(request).catch((error: Error) => {
        failure = error;
        throw error;
      });
    this.connection = Object.create(connection, { send: { value: send } });
    try {
      await authenticate.call(this);
    } catch (error) {
      throw failure && failure.name !== 'KafkaJSProtocolError' ? failure : error;
    }
  };
}

/**
 * kafkajs compares times of the wall clock. After the clock was set back, a member would send no heartbeat, and a client would keep old
 * metadata, until the clock is again where it was. This patch takes a time in the future for one that has passed.
 */
function patchClock(): void {
  type Group = { lastRequest: number };
  type Heartbeat = (this: Group, options: { interval: number }) => Promise<void>;
  const group = require('kafkajs/src/consumer/consumerGroup.js') as { prototype: { heartbeat: Heartbeat } };
  const { heartbeat } = group.prototype;
  group.prototype.heartbeat = function (options) {
    if (this.lastRequest > Date.now()) this.lastRequest = 0;
    return heartbeat.call(this, options);
  };
  type Pool = { metadataExpireAt: number | null; metadataMaxAge: number };
  type Refresh = (this: Pool, topics: string[]) => Promise<unknown>;
  const pool = require('kafkajs/src/cluster/brokerPool.js') as { prototype: { refreshMetadataIfNecessary: Refresh } };
  const refresh = pool.prototype.refreshMetadataIfNecessary;
  pool.prototype.refreshMetadataIfNecessary = function (topics) {
    if (Number(this.metadataExpireAt) > Date.now() + this.metadataMaxAge) this.metadataExpireAt = null;
    return refresh.call(this, topics);
  };
}
