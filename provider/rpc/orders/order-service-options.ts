import type { Pace } from '../../../db/mysql/repeat-transaction.ts';
import type { RecordedPayment } from '../../../db/payments/judge-events.ts';
import type { Cooldowns } from '../../../db/redis/cooldowns.ts';
import type { UnitsAfter } from '../../../db/stocks/stock-table.ts';
import type { Traces } from '../../../proto/traces/traces.ts';
import type { OrderPlacer } from '../../orders/place-orders.ts';
import type { PaymentBatches } from '../../payments/payment-batches.ts';
import type { ServiceOptions } from '../service-options.ts';
import type { DeadLetterReader } from './dead-letter-reader.ts';

export type OrderServiceOptions = ServiceOptions & {
  placer: OrderPlacer;
  payments: PaymentBatches;
  traces?: Traces | undefined;
  /** Called after a transaction that returned units is committed. */
  onReturn(units: UnitsAfter): void;
  /** Called with each event or settlement of a payment that is recorded. */
  onPayment?(recorded: RecordedPayment): void;
  /** Keeps the buyer of a cancelled order out of its stock. Never rejects. Undefined: COOLDOWN is 0. */
  startCooldown?: Cooldowns['start'] | undefined;
  /** Undefined: this process does not read the log. */
  readDeadLetters?: DeadLetterReader;
  /** How transactions that lost a race wait before they are repeated. */
  pace?: Pace;
};
