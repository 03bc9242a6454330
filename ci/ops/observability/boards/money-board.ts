import type { Board } from './build-board.ts';
import { graph, mean, number, rate } from './graph.ts';

/** Payments and refunds. Amounts are in the console: they need the database. */
export const moneyBoard: Board = {
  uid: 'flash-sale-money',
  title: 'Money',
  description: 'Payments, refunds and what waits for the gateway or a person. Amounts are in the console',
  rows: [
    {
      title: 'Now',
      panels: [
        number('Paid', 'Payments that paid an order, in the time range that the board shows.', 'short', [
          'sum(increase(flashsale_payment_outcomes_total{outcome="paid"}[$__range])) or vector(0)',
        ]),
        number(
          'Not as expected',
          'Payments with another outcome: twice, too late, a wrong amount, or an unknown order.',
          'short',
          ['sum(increase(flashsale_payment_outcomes_total{outcome!="paid"}[$__range])) or vector(0)'],
        ),
        number(
          'Refunds that need a person',
          'Refunds that the gateway refuses. npm run reconcile lists them.',
          'short',
          ['max(flashsale_refunds_failed)'],
        ),
        number('Refunds due', 'Refunds that the gateway has not made yet.', 'short', ['max(flashsale_refunds_due)']),
        number('Sessions due', 'Payment sessions whose check is due. It grows while the gateway is away.', 'short', [
          'max(flashsale_payment_sessions_due)',
        ]),
        number('Resting stocks', 'Stocks that return no units during a replay.', 'short', [
          'max(flashsale_resting_stocks)',
        ]),
      ],
    },
    {
      title: 'Payments',
      panels: [
        graph('Outcomes', 'Payments recorded for the first time, by outcome.', 'reqps', [
          [`sum by (outcome) (${rate('flashsale_payment_outcomes_total')})`, '{{outcome}}'],
        ]),
        graph('Waits for the gateway', 'Sessions to check and refunds to make.', 'short', [
          ['max(flashsale_payment_sessions_due)', 'sessions'],
          ['max(flashsale_refunds_due)', 'refunds'],
          ['max(flashsale_refunds_failed)', 'refunds refused'],
        ]),
        graph('Payment calls', 'Calls that start, record and settle payments, by status code.', 'reqps', [
          [
            `sum by (rpc_method, rpc_grpc_status_code) (${rate('rpc_server_duration_seconds_count{rpc_method=~"StartPayments?|RecordPayments?|SettlePayment|RefundOrder"}')})`,
            '{{rpc_method}} {{rpc_grpc_status_code}}',
          ],
        ]),
      ],
    },
    {
      title: 'Draws',
      panels: [
        graph('Entries', 'Entries for draws and lines, by outcome.', 'reqps', [
          [`sum by (outcome) (${rate('flashsale_entries_total')})`, '{{outcome}}'],
        ]),
        graph('Draws due', 'Draws that can be closed, stated or drawn now.', 'short', [
          ['max(flashsale_draws_due)', 'draws'],
        ]),
        graph('Time of a step', 'Mean time from the claim of a draw to the end of a step.', 's', [
          [mean('flashsale_draw_step_seconds', 'step'), '{{step}}'],
        ]),
      ],
    },
  ],
};
