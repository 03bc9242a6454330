import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LogRecord, startAppender } from '../../../../proto/kafka/kafka.ts';
import { ORDER_PARTITIONS, partitionOf } from '../../../../proto/kafka/partition-of.ts';
import { topicNames } from '../../../../proto/kafka/topics.ts';
import { encodeOrderRecord, type LoggedOrder } from '../../../../proto/messages/order-record.ts';
import { createLogger } from '../../../../proto/process/create-logger.ts';
import { parseSecretKeys, type SecretKey, signingKey } from '../../../../proto/settings/secret-keys.ts';
import { waitUntil } from '../../../command/wait-until.ts';
import type { Fault, Stage } from './fault.ts';

const LASTS_MS = 4000;
const ROUNDS = 10;
const CONNECT_LIMIT_MS = 10_000;
const OVERSIZED_BYTES = 900_000;

/** What lies on the log and was not put there by a provider of today. */
export const recordFaults: Fault[] = [
  {
    name: 'bad-records',
    what: 'poison, duplicate, foreign, forged and oversized records on the topic, for 4 s',
    lastsMs: LASTS_MS,
    bounds: { errorsEndMs: 0, recoverMs: 5000 },
    // That all of the misfits are in orders-dead, and no more than these, is one of the audit's checks.
    async inject(stage) {
      const { system, sid, print } = stage;
      const brokers = system.kafkaBrokers.split(',');
      const log = startAppender({ brokers, clientId: 'stranger', logger: createLogger('faults', 'silent') });
      await waitUntil('the log', () => requireConnection(log.isConnected()), { limitMs: CONNECT_LIMIT_MS });
      const topic = topicNames(system.config.TOPIC_PREFIX).orders;
      const partition = partitionOf(sid);
      const recordKey = signingKey(system.secrets.ORDER_RECORD_KEY);
      let appended = 0;
      const running = (async () => {
        for (let round = 0; round < ROUNDS; round += 1) {
          const elsewhere = (partition + 1) % ORDER_PARTITIONS;
          await log.append(topic, elsewhere, [asRecord(encodeOrderRecord(strangeOrder(sid), recordKey))]);
          for (const record of makeRecords(stage, recordKey)) {
            await log.append(topic, partition, [record]);
            appended += 1;
          }
          await sleep(LASTS_MS / ROUNDS / 2);
        }
      })();
      running.catch(() => undefined);
      return async () => {
        await running.finally(() => log.close());
        print(`  ${appended} records appended`);
      };
    },
  },
];

function requireConnection(isConnected: boolean): void {
  if (!isConnected) throw new Error('not connected yet');
}

const NO_TERMS = { stampMs: null, takesNoUnit: false, metClosed: false, maxPriceCents: null };
const asRecord = (value: Buffer | null): LogRecord => ({ key: 'strange', value });

/** A number that nobody minted. It is decided like another one: the log is not where numbers are checked. */
function strangeOrder(sid: number): LoggedOrder {
  return { orderNo: `${sid}-${randomUUID()}`, sid, buyer: 'unknown', replyTo: '', mintedAtMs: Date.now(), ...NO_TERMS };
}

function makeRecords({ sid, load }: Stage, recordKey: SecretKey): LogRecord[] {
  const encode = (order: LoggedOrder) => encodeOrderRecord(order, recordKey);
  const forged = parseSecretKeys('the key of another system than this')[0] as SecretKey;
  const owners = load.stories.filter(({ confirmedNos }) => confirmedNos.length > 0).slice(-3);
  const known = owners.map(({ buyer, confirmedNos: [orderNo = ''] }) => ({ ...strangeOrder(sid), orderNo, buyer }));
  return [
    // Poison.
    ...[randomBytes(80), Buffer.alloc(0), Buffer.from('{"orderNo": "no protobuf"}'), null],
    encode({ ...strangeOrder(sid), orderNo: 'not a number;' }),
    encode({ ...strangeOrder(sid), buyer: 'not a buyer' }),
    encode({ ...strangeOrder(sid), sid: 0 }),
    // Signed by no process of this system.
    encodeOrderRecord(strangeOrder(sid), forged),
    // Duplicates of what was decided.
    ...known.map(encode),
    // Foreign: a known number with another buyer; a stock that there is not is of another partition.
    ...known.map((order) => encode({ ...order, buyer: 'thief' })),
    randomBytes(OVERSIZED_BYTES),
  ].map(asRecord);
}
