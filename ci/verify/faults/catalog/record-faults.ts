import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogRecord } from '../../../../proto/kafka/kafka.ts';
import { ORDER_PARTITIONS, partitionOf } from '../../../../proto/kafka/partition-of.ts';
import { encodeCompactRecord, encodeOrderRecord, type LoggedOrder } from '../../../../proto/messages/order-record.ts';
import { parseSecretKeys, type SecretKey, signingKey } from '../../../../proto/settings/secret-keys.ts';
import { connectAppender } from '../../../local/servers/connect-appender.ts';
import type { Fault, Stage } from './fault.ts';

const LASTS_MS = 4000;
const ROUNDS = 10;
const OVERSIZED_BYTES = 900_000;

/** Records on the log that no current provider has appended. */
export const recordFaults: Fault[] = [
  {
    name: 'bad-records',
    what: 'malformed, duplicate, foreign, forged and oversized records on the topic, for 4 s',
    lastsMs: LASTS_MS,
    bounds: { errorsEndMs: 0, recoverMs: 5000 },
    alarm: { name: 'DeadLetters' },
    // The audit checks that exactly the invalid records are in orders-dead.
    async inject(stage) {
      const { system, sid, print } = stage;
      const log = await connectAppender(system.kafka);
      const topic = system.topics.orders;
      const partition = partitionOf(sid);
      const recordKey = signingKey(system.secrets.ORDER_RECORD_KEY);
      let appended = 0;
      const running = (async () => {
        for (let round = 0; round < ROUNDS; round += 1) {
          const elsewhere = (partition + 1) % ORDER_PARTITIONS;
          await log.append(topic, elsewhere, [asRecord(encodeOrderRecord(foreignOrder(sid), recordKey))]);
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

const NO_TERMS = { stampMs: null, takesNoUnit: false, metClosed: false, maxPriceCents: null };
const asRecord = (value: Buffer | null): LogRecord => ({ key: 'hostile', value });

/** An order number that no consumer created. It is decided like any other: order-workers do not check order numbers. */
function foreignOrder(sid: number): LoggedOrder {
  return { orderNo: `${sid}-${randomUUID()}`, sid, buyer: 'unknown', replyTo: '', mintedAtMs: Date.now(), ...NO_TERMS };
}

function makeRecords({ sid, load }: Stage, recordKey: SecretKey): LogRecord[] {
  const encode = (order: LoggedOrder) => encodeOrderRecord(order, recordKey);
  const forged = parseSecretKeys('the key of another system than this')[0] as SecretKey;
  const owners = load.histories.filter(({ confirmedNos }) => confirmedNos.length > 0).slice(-3);
  const known = owners.map(({ buyer, confirmedNos: [orderNo = ''] }) => ({ ...foreignOrder(sid), orderNo, buyer }));
  return [
    // Malformed.
    ...[randomBytes(80), Buffer.alloc(0), Buffer.from('{"orderNo": "no protobuf"}'), null],
    encode({ ...foreignOrder(sid), orderNo: 'not a number;' }),
    encode({ ...foreignOrder(sid), buyer: 'not a buyer' }),
    encode({ ...foreignOrder(sid), sid: 0 }),
    // Of several orders, one of them invalid; and truncated.
    encodeCompactRecord(
      [foreignOrder(sid), { ...foreignOrder(sid), buyer: 'not a buyer' }, foreignOrder(sid)],
      recordKey,
    ),
    encodeCompactRecord([foreignOrder(sid)], recordKey).subarray(0, -5),
    // Signed with the key of another system.
    encodeOrderRecord(foreignOrder(sid), forged),
    encodeCompactRecord([foreignOrder(sid), foreignOrder(sid)], forged),
    // Duplicates of decided orders.
    ...known.map(encode),
    ...(known.length > 0 ? [encodeCompactRecord([...known, ...known], recordKey)] : []),
    // Known order numbers with another buyer.
    ...known.map((order) => encode({ ...order, buyer: 'thief' })),
    randomBytes(OVERSIZED_BYTES),
  ].map(asRecord);
}
