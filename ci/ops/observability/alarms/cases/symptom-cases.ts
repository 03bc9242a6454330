import { type AlarmCase, ORDERS_201, ORDERS_503, TURNED_AWAY } from './alarm-case.ts';

export const promiseCases: AlarmCase[] = [
  {
    alarm: 'Oversold',
    series: { 'flashsale_audit_violations{check="not_oversold"}': '0 0 1x8' },
    quietAt: '15s',
    firesAt: '30s',
    description:
      'The audit found 1 stocks whose active orders do not equal the units sold, or exceed the units of the stock.',
  },
  {
    alarm: 'ToldWithoutRow',
    series: { 'flashsale_audit_violations{check="never_taken_back"}': '0 0 2x8' },
    quietAt: '15s',
    firesAt: '30s',
    description:
      'The audit found 2 stocks with an order that was confirmed or published as an event, and that the database does not have, or not in that state.',
  },
  {
    alarm: 'AuditFailed',
    series: { 'flashsale_audit_violations{check="one_live_order"}': '0 0 1x8' },
    quietAt: '15s',
    firesAt: '30s',
    labels: { check: 'one_live_order' },
    description: 'The check one_live_order of the audit fails for 1 stocks.',
  },
  {
    alarm: 'AuditNotRun',
    series: { flashsale_audit_timestamp_seconds: '60x200' },
    quietAt: '30m',
    firesAt: '40m',
    description: 'The last audit of the order-workers ended 39m 0s ago.',
  },
  {
    alarm: 'OrderPendingTooLong',
    series: { 'flashsale_orders_undecided_age_seconds{job="consumer"}': '0 0 11+15x8' },
    quietAt: '45s',
    firesAt: '1m',
    description: 'The oldest pending order is 41s old. Its buyer has got 202 and waits.',
  },
];

export const symptomCases: AlarmCase[] = [
  {
    alarm: 'OrderErrorBudgetBurn',
    severity: 'page',
    series: { [ORDERS_503]: '0x20 0+6x40', [ORDERS_201]: '0+94x60', [TURNED_AWAY]: '0x60' },
    quietAt: '4m',
    firesAt: '11m',
    description: '6% of the orders of the last five minutes failed with 5xx.',
    ticket: '3.229% of the orders of the last hour failed with 5xx.',
  },
  {
    alarm: 'OrderErrorBudgetBurn',
    severity: 'ticket',
    series: { [ORDERS_503]: '0+1x300', [ORDERS_201]: '0+99x300', [TURNED_AWAY]: '0x300' },
    firesAt: '70m',
    description: '1% of the orders of the last hour failed with 5xx.',
  },
  {
    alarm: 'ClickToDecisionSlow',
    series: {
      'flashsale_click_to_decision_seconds_bucket{le="2"}': '0+50x20',
      'flashsale_click_to_decision_seconds_bucket{le="5"}': '0+100x20',
      'flashsale_click_to_decision_seconds_bucket{le="+Inf"}': '0+100x20',
    },
    quietAt: '1m',
    firesAt: '3m',
    description: 'One of a hundred orders of the last minute was decided 4.94s after the click, or later.',
  },
  {
    alarm: 'ShedRateHigh',
    series: { [TURNED_AWAY]: '0+25x20', [ORDERS_201]: '0+75x20', [ORDERS_503]: '0+25x20' },
    quietAt: '1m',
    firesAt: '4m',
    description: '25% of the orders of the last minute got 503 busy.',
  },
];
