import { changeOnce } from '../../../db/mysql/change-once.ts';
import { cancelOrder, type OrderChange } from '../../../db/orders/cancel-order.ts';
import type { SessionKept } from '../../../db/payments/keep-session.ts';
import { refundOrder } from '../../../db/payments/refund-order.ts';
import type { ChangeOrderReplyInput } from '../../../proto/gen/flashsale/v1/ChangeOrderReply.ts';
import type { KeepSessionReplyInput } from '../../../proto/gen/flashsale/v1/KeepSessionReply.ts';
import type { OrderServiceHandlers } from '../../../proto/gen/flashsale/v1/OrderService.ts';
import type { RecordPaymentReplyInput } from '../../../proto/gen/flashsale/v1/RecordPaymentReply.ts';
import type { RecordPaymentRequest } from '../../../proto/gen/flashsale/v1/RecordPaymentRequest.ts';
import type { StartPaymentReplyInput } from '../../../proto/gen/flashsale/v1/StartPaymentReply.ts';
import type { StartPaymentRequest } from '../../../proto/gen/flashsale/v1/StartPaymentRequest.ts';
import { inStep } from '../../../proto/traces/traces.ts';
import { answerItems } from '../answer-items.ts';
import { checkIdempotency } from '../check-idempotency.ts';
import { CallError } from '../describe-fault.ts';
import { recordChange } from '../record-change.ts';
import {
  checkBuyer,
  checkOrderNo,
  checkPaymentEvent,
  checkPaymentQuery,
  checkPaymentStart,
  checkReason,
  checkSession,
  checkSettlement,
} from './check-payment.ts';
import type { OrderServiceOptions } from './order-service-options.ts';
import { readOrderMessages, toPaymentMessage } from './read-order-messages.ts';
import { toOrderMessage } from './to-order-message.ts';

type PaymentHandlers = Pick<
  OrderServiceHandlers,
  | 'StartPayment'
  | 'StartPayments'
  | 'KeepSession'
  | 'SettlePayment'
  | 'RecordPayment'
  | 'RecordPayments'
  | 'FindPayments'
  | 'CancelOrder'
  | 'RefundOrder'
>;

/** The rpcs that pay, cancel and refund a confirmed order. All are idempotent. */
export function createPaymentCalls(
  options: Pick<
    OrderServiceOptions,
    'database' | 'payments' | 'traces' | 'onPayment' | 'onReturn' | 'startCooldown' | 'answer' | 'warn' | 'pace'
  >,
) {
  const { database, payments, traces, onPayment, onReturn, startCooldown, answer, warn, pace } = options;

  /** Records the call in the trace of its order. */
  function traced<Request extends { orderNo: string }, Reply extends { outcome?: string | number }>(
    name: string,
    work: (request: Request) => Promise<Reply>,
  ): (request: Request) => Promise<Reply> {
    const describe = ({ outcome }: Reply) => (outcome === undefined ? {} : { 'flashsale.outcome': outcome });
    return (request) =>
      inStep(traces?.startOrderStep(name, request.orderNo, { kind: 'server' }), {}, () => work(request), describe);
  }

  const startPayment = traced(
    'start_payment',
    async (request: StartPaymentRequest): Promise<StartPaymentReplyInput> => {
      const result = await payments.start(checkPaymentStart(request));
      const { outcome } = result;
      if (outcome === 'NO_ORDER') return { outcome };
      if (outcome === 'NOT_PAYABLE') return { outcome, order: toOrderMessage(result.order) };
      const { paymentId, amountCents, currency, session, kept } = result.payment;
      const stored = session && {
        gateway: session.gateway,
        returnUrl: session.returnUrl,
        sessionUntilMs: session.untilMs,
        sessionUrl: kept?.sessionUrl ?? '',
        name: result.order.name,
      };
      return { outcome, paymentId, amountCents, currency, ...stored };
    },
  );

  const recordPayment = traced(
    'record_payment',
    async (request: RecordPaymentRequest): Promise<RecordPaymentReplyInput> => {
      const recorded = await payments.record(checkPaymentEvent(request));
      onPayment?.(recorded);
      return recorded;
    },
  );

  async function toReply(change: OrderChange): Promise<ChangeOrderReplyInput> {
    if (change.outcome === 'ORDER_NOT_FOUND') return { outcome: change.outcome };
    if (change.outcome === 'RESTING') {
      throw new CallError('REPLAY_RUNS', 'the log is being replayed; try again later');
    }
    if (change.outcome === 'CHANGED') onReturn(change.units);
    const [order] = await database.session((session) => readOrderMessages(session, [change.order]));
    return { outcome: change.outcome, order: order ?? null };
  }

  return {
    StartPayment: answer(startPayment),
    StartPayments: answer(async ({ items }) => ({ results: await answerItems(items, startPayment, warn) })),
    RecordPayment: answer(recordPayment),
    RecordPayments: answer(async ({ items }) => ({ results: await answerItems(items, recordPayment, warn) })),
    KeepSession: answer(
      traced('keep_session', async (request) => toSessionReply(await payments.keep(checkSession(request)))),
    ),

    SettlePayment: answer(
      traced('settle_payment', async (request) => {
        const { recorded, units } = await payments.settle(checkSettlement(request));
        if (recorded) onPayment?.(recorded);
        if (units) onReturn(units);
        return recorded ?? {};
      }),
    ),

    FindPayments: answer(async (request) => {
      const found = await payments.find(checkPaymentQuery(request));
      return { orders: found.map((order) => ({ ...order, payments: order.payments.map(toPaymentMessage) })) };
    }),

    CancelOrder: answer(
      traced('cancel_order', async (request) => {
        const orderNo = checkOrderNo('order_no', request.orderNo);
        // Only an administrator may leave the buyer out.
        const buyer = request.actor && request.buyer === '' ? null : checkBuyer('buyer', request.buyer);
        const reason = request.reason === '' ? {} : { reason: checkReason(request.reason) };
        const record = recordChange(request.actor, 'cancelOrder', reason);
        const idempotency = checkIdempotency(request.idempotency);
        const change = await changeOnce(database, idempotency, (once) =>
          cancelOrder(once, orderNo, buyer, pace, record),
        );
        // Before the answer: a buyer who has read it is kept out.
        const started =
          buyer !== null && change.outcome === 'CHANGED' ? startCooldown?.(change.order.sid, [buyer]) : undefined;
        const [reply] = await Promise.all([toReply(change), started]);
        return reply;
      }),
    ),

    RefundOrder: answer(
      traced('refund_order', async (request) => {
        const orderNo = checkOrderNo('order_no', request.orderNo);
        const reason = checkReason(request.reason);
        const record = recordChange(request.actor, 'refundOrder', { reason });
        const idempotency = checkIdempotency(request.idempotency);
        return toReply(
          await changeOnce(database, idempotency, (once) => refundOrder(once, orderNo, reason, pace, record)),
        );
      }),
    ),
  } satisfies PaymentHandlers;
}

function toSessionReply(kept: SessionKept): KeepSessionReplyInput {
  switch (kept.outcome) {
    case 'KEPT':
      return { outcome: 'KEPT_SESSION', sessionUrl: kept.sessionUrl };
    case 'NOT_PAYABLE':
      return { outcome: 'ORDER_NOT_PAYABLE', order: toOrderMessage(kept.order) };
    case 'PAYMENT_OVER':
      return { outcome: 'PAYMENT_OVER' };
    default:
      return kept satisfies never;
  }
}
