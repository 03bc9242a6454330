import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { createDatabase } from '../../../db/mysql/database.ts';
import { realPace } from '../../../db/mysql/repeat-transaction.ts';
import { recordPayment } from '../../../db/payments/record-payments.ts';
import { type PaymentStarted, startPayment } from '../../../db/payments/start-payments.ts';
import { createPaymentBatches, type PaymentBatches } from '../../../provider/payments/payment-batches.ts';
import { readCpuMs } from '../../local/supervisor/read-usage.ts';
import type { ConfirmedOrder } from './payment-requests.ts';

/** `mysqlCpuUs` and `clientCpuUs`: microseconds of CPU time per payment. */
export type DatabaseFigure = { perSecond: number; mysqlCpuUs: number; clientCpuUs: number };

type Payments = Pick<PaymentBatches, 'start' | 'record'>;

const CONNECTIONS = 6;
/** Buyers who pay at the same time, each an order after the other. */
const PAYERS = 200;
const ACQUIRE_MS = 60_000;
const STATEMENT_MS = 10_000;

export type DatabaseLoad = { mysqlUrl: string; mysqlPid: number; orders: ConfirmedOrder[]; together: boolean };

/** Starts and records a payment of each order, without the services in front: in batches, or each in its own transactions. */
export async function measureAtDatabase({
  mysqlUrl,
  mysqlPid,
  orders,
  together,
}: DatabaseLoad): Promise<DatabaseFigure> {
  const mysql = connectMysql({ url: mysqlUrl, maxConnections: CONNECTIONS, acquireDeadlineMs: ACQUIRE_MS });
  const database = createDatabase({ mysql, statementMs: STATEMENT_MS });
  const payments: Payments = together
    ? createPaymentBatches({ database, connections: CONNECTIONS, pace: realPace })
    : {
        start: (start) => startPayment(database, start),
        record: (event) => recordPayment(database, event),
      };
  const readMysqlMs = () => readCpuMs(new Map([['mariadb', mysqlPid]])).get('mariadb') ?? 0;
  try {
    const ownBefore = process.cpuUsage();
    const mysqlBefore = readMysqlMs();
    const startedMs = performance.now();
    await payAll(payments, orders);
    const seconds = (performance.now() - startedMs) / 1000;
    const own = process.cpuUsage(ownBefore);
    const perPayment = (us: number) => Math.round(us / orders.length);
    return {
      perSecond: Math.round(orders.length / seconds),
      mysqlCpuUs: perPayment((readMysqlMs() - mysqlBefore) * 1000),
      clientCpuUs: perPayment(own.user + own.system),
    };
  } finally {
    await mysql.destroy();
  }
}

async function payAll({ start, record }: Payments, orders: ConfirmedOrder[]): Promise<void> {
  const waiting = orders.values();
  const pay = async () => {
    for (const order of waiting) {
      const started = await start(order);
      const { payment } = started as PaymentStarted & { outcome: 'STARTED' };
      const { paymentId, orderNo, amountCents, currency } = payment;
      const { outcome } = await record({ eventId: `e-${paymentId}`, paymentId, orderNo, amountCents, currency });
      if (outcome !== 'PAID') throw new Error(`${orderNo} is ${outcome}`);
    }
  };
  await Promise.all(Array.from({ length: PAYERS }, pay));
}
