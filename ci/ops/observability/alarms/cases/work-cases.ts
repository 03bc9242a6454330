import type { AlarmCase } from './alarm-case.ts';

export const workCases: AlarmCase[] = [
  {
    alarm: 'LogLagGrowing',
    series: { 'flashsale_partition_lag_records{partition="3"}': '0 0 0 150+100x12' },
    quietAt: '1m',
    firesAt: '2m',
    labels: { partition: '3' },
    description: '650 records wait on partition 3, and their number grows.',
  },
  {
    alarm: 'PartitionStuck',
    series: { 'flashsale_log_stuck_partitions{instance="a:1"}': '0 1x8' },
    quietAt: '15s',
    firesAt: '30s',
    description: '1 partitions make no progress, while others do. The orders of their stocks are not decided.',
  },
  {
    alarm: 'DecisionsRepeat',
    series: { 'flashsale_decide_retries_total{kind="passing"}': '0+15x20' },
    quietAt: '1m',
    firesAt: '3m',
    labels: { kind: 'passing' },
    description:
      '1 times a second a batch was not decided at the first try (passing). A kind of statement does not end by itself.',
  },
  {
    alarm: 'DeadLetters',
    series: { flashsale_dead_letters_total: '0x4 3x12' },
    quietAt: '1m',
    firesAt: '75s',
    description: 'In the last hour records were appended to the topic orders-dead. Their orders have no decision.',
  },
  {
    alarm: 'EventsUnpublished',
    series: { flashsale_events_unpublished_age_seconds: '0 65+15x12' },
    quietAt: '1m',
    firesAt: '75s',
    description: 'The oldest event that is not published is 2m 5s old.',
  },
  {
    alarm: 'WebhooksFailing',
    series: { 'flashsale_webhook_deliveries{state="failing"}': '0 4x80' },
    quietAt: '15m',
    firesAt: '16m',
    description: '4 deliveries of webhooks fail or were given up.',
  },
  {
    alarm: 'PaymentsUnchecked',
    series: { flashsale_payment_sessions_due: '0 101x40' },
    quietAt: '5m',
    firesAt: '6m',
    description: 'The checks of 101 payment sessions are due. The gateway does not answer, or answers slowly.',
  },
  {
    alarm: 'RefundsFailing',
    series: { flashsale_refunds_failed: '0 2x12' },
    quietAt: '1m',
    firesAt: '75s',
    description: '2 refunds are refused. Their buyers have neither the unit nor their money until a person acts.',
  },
  {
    alarm: 'RefundsLate',
    series: { flashsale_refunds_due: '0 1x300' },
    quietAt: '1h',
    firesAt: '61m',
    description: 'For an hour there have been refunds that the gateway has not made; now 1.',
  },
  {
    alarm: 'DrawStuck',
    series: { flashsale_draws_due: '0 1x30' },
    quietAt: '3m',
    firesAt: '4m',
    description: '1 draws are due, and no order-worker closes, states or draws them.',
  },
  {
    alarm: 'StocksRest',
    series: { flashsale_resting_stocks: '0 5x300' },
    quietAt: '1h',
    firesAt: '61m',
    description:
      '5 stocks rest since the log was replayed. Their expired orders return no units until the replay is ended.',
  },
];
