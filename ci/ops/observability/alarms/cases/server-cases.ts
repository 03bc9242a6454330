import { type AlarmCase, ORDERS_201 } from './alarm-case.ts';

export const serverCases: AlarmCase[] = [
  ...(
    [
      ['MySQLDown', 'mysql', 'provider', 'A process of the kind provider gets no answer from MySQL.'],
      [
        'RedisDown',
        'redis',
        'consumer',
        'A process of the kind consumer has no connection to Redis. The sale is slower, and not wrong.',
      ],
      [
        'KafkaDown',
        'kafka',
        'order-worker',
        'A process of the kind order-worker cannot append to the log or read it. Providers decide without the log meanwhile.',
      ],
      ['ProviderUnreachable', 'provider', 'consumer', 'A process of the kind consumer has no provider that is ready.'],
    ] as const
  ).map(([alarm, dependency, job, description]) => ({
    alarm,
    series: {
      [`flashsale_dependency_up{dependency="${dependency}",job="${job}",instance="a:1"}`]: '1 0x8',
      [`flashsale_dependency_up{dependency="${dependency}",job="${job}",instance="b:1"}`]: '1x9',
    },
    quietAt: '15s',
    firesAt: '30s',
    labels: { job },
    description,
  })),
  {
    alarm: 'BreakerOpen',
    series: { 'flashsale_breaker_open{job="provider",instance="a:1"}': '0 2x8' },
    quietAt: '15s',
    firesAt: '30s',
    labels: { instance: 'a:1' },
    description: 'The provider a:1 does not append to 2 partitions, and decides their orders itself.',
  },
  {
    alarm: 'DecidedWithoutLog',
    series: {
      'flashsale_decisions_total{decided_by="direct",decision="CONFIRMED"}': '0+10x20',
      'flashsale_decisions_total{decided_by="log",decision="CONFIRMED"}': '0+90x20',
    },
    quietAt: '1m',
    firesAt: '3m',
    description:
      '10% of the decisions of the last minute were made by providers, because the log did not acknowledge the orders in time.',
  },
  {
    alarm: 'LimiterFallback',
    series: { flashsale_limiter_fallbacks_total: '0+15x20', [ORDERS_201]: '0+60x20' },
    quietAt: '1m',
    firesAt: '3m',
    description: 'For 25% of the orders of the last minute the limits were counted without Redis.',
  },
  {
    alarm: 'PoolExhausted',
    series: { 'flashsale_pool_connections{job="provider",instance="a:1",state="pending"}': '0 7x8' },
    quietAt: '30s',
    firesAt: '45s',
    labels: { job: 'provider', instance: 'a:1' },
    description: 'In provider a:1 7 calls wait for a connection.',
  },
  // MySQL, then MariaDB.
  ...['source', 'master'].map((name) => ({
    alarm: 'ReplicaBehind',
    series: { [`mysql_slave_status_seconds_behind_${name}{instance="a:3306"}`]: '0 90x20' },
    quietAt: '1m',
    firesAt: '75s',
    labels: { instance: 'a:3306' },
    description: 'The replica a:3306 is 1m 30s behind. If it took over now, this time of decisions would be lost.',
  })),
  ...['replica', 'slave'].map((name) => ({
    alarm: 'ReplicaStopped',
    series: {
      [`mysql_slave_status_${name}_io_running{instance="a:3306"}`]: '1x20',
      [`mysql_slave_status_${name}_sql_running{instance="a:3306"}`]: '1 0x20',
    },
    quietAt: '1m',
    firesAt: '75s',
    labels: { instance: 'a:3306' },
    description: 'The replica a:3306 does not read the changes of its primary, or does not apply them.',
  })),
  {
    alarm: 'CertificateExpires',
    series: { 'probe_ssl_earliest_cert_expiry{instance="https://shop.example"}': '608400x300' },
    quietAt: '30m',
    firesAt: '1h',
    labels: { instance: 'https://shop.example' },
    description: 'The certificate of https://shop.example ends in 7d 0h 0m 0s.',
  },
  {
    alarm: 'JwksFailing',
    series: { flashsale_jwks_failures_total: '0+1x60' },
    quietAt: '4m',
    firesAt: '10m',
    description: 'Consumers fail to read JWKS_URL. Tokens with a new key are refused with 401 or 503.',
  },
  {
    alarm: 'RiskCheckFails',
    series: { flashsale_risk_failures_total: '0+15x20', [ORDERS_201]: '0+60x20' },
    quietAt: '1m',
    firesAt: '3m',
    description:
      'For 25% of the orders and entries of the last minute the service at RISK_URL gave no answer in time. RISK_FAILS=open lets them in unchecked, closed refuses them.',
  },
];
