import { edit, editSql, type Mutant, remove, simulated, tested } from './mutant.ts';

const SESSION_TESTS = 'order-worker/jobs/settle-sessions.test.ts';

/** Rules of payment pages at a gateway. */
export const sessionMutants: Mutant[] = [
  simulated(
    'expiry-ignores-pages',
    'an order whose payment page is open is not expired',
    edit('findDueStocks', '!(await hasOpenSessions(session))', 'true'),
    edit('expireBatch', 'waitedLong || !inSession.has(orderNo)', 'true'),
  ),
  tested(
    'expiry-looks-before-the-lock',
    'the expiry looks for payment pages after it has locked the orders',
    SESSION_TESTS,
    edit('expireBatch', 'waitedLong || !inSession.has(orderNo)', 'true'),
  ),
  tested(
    'waiting-orders-starve-others',
    'orders that wait for their gateway do not hold up the expiry of others',
    SESSION_TESTS,
    edit('findDueStocks', '{ sids: due.sids, condition: WHERE_FREE }', 'due'),
  ),
  simulated(
    'no-minute-after-the-page',
    'an order is held for a minute after the end of its payment page',
    edit('HELD_SECONDS', '60', '1'),
  ),
  simulated(
    'page-before-its-session',
    'a buyer sees a payment page only when its session is stored',
    edit('createPaymentOpener', 'if (sessionId === null) return open(redirectUrl);', 'return open(redirectUrl);'),
  ),
  simulated(
    'parameters-of-the-request',
    'the parameters of a session are those of the first call',
    edit('sessionOf', 'started.returnUrl || requestedReturn', 'requestedReturn'),
  ),
  tested(
    'session-is-not-ended',
    'the session of an order that is over is ended',
    SESSION_TESTS,
    edit('askGateway', 'isEndDue ? endSession : readPayment', 'readPayment'),
  ),
  tested(
    'open-session-is-ended',
    'the session of an order that awaits payment is read, not ended',
    SESSION_TESTS,
    edit('askGateway', 'isEndDue ? endSession : readPayment', 'endSession'),
  ),
  tested(
    'cancel-keeps-the-page',
    'the session of a cancelled order ends at once',
    SESSION_TESTS,
    edit('cancelOrder', 'hurrySessions(session, orderNo)', 'Promise.resolve()'),
  ),
  tested(
    'late-end-of-a-paid-session',
    'what a frozen worker has read before does not change a paid payment',
    SESSION_TESTS,
    editSql('endSession', "AND state = 'started'", ''),
  ),
  tested(
    'return-by-hand-keeps-the-unit',
    'a full refund at the gateway refunds the order',
    SESSION_TESTS,
    edit('settleReturn', "payment?.state !== 'paid' || !isReturned", 'true'),
  ),
  tested(
    'refused-refund-forgotten',
    'a refund that the gateway refuses is kept for a person',
    SESSION_TESTS,
    remove('noteResult', 'await noteRefundFailure(session, paymentId, result.reason);'),
  ),
];
