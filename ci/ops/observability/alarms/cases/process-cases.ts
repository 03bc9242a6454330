import type { AlarmCase } from './alarm-case.ts';

const CONSUMER = { job: 'consumer', instance: 'consumer:9100' };

export const processCases: AlarmCase[] = [
  {
    alarm: 'ProcessDown',
    series: { 'up{job="consumer",instance="consumer:9100"}': '1 0x8' },
    quietAt: '30s',
    firesAt: '45s',
    labels: CONSUMER,
    description: 'consumer consumer:9100 has not answered Prometheus for 30 s.',
  },
  {
    alarm: 'NoProcessLeft',
    series: { 'up{job="provider",instance="a:1"}': '1 0x8', 'up{job="provider",instance="b:1"}': '1 1 0x8' },
    quietAt: '45s',
    firesAt: '1m',
    labels: { job: 'provider' },
    description: 'No provider answers Prometheus.',
  },
  {
    alarm: 'NginxDown',
    series: { 'up{job="nginx",instance="nginx:8080"}': '1 0x8' },
    quietAt: '30s',
    firesAt: '45s',
    labels: { job: 'nginx', instance: 'nginx:8080' },
    description: 'nginx at nginx:8080 has not answered Prometheus for 30 s. Buyers come through it.',
  },
  {
    alarm: 'ProcessRestarted',
    series: { 'process_start_time_seconds{job="consumer",instance="consumer:9100"}': '5 5 50x8' },
    quietAt: '15s',
    firesAt: '30s',
    labels: CONSUMER,
    description: 'consumer consumer:9100 was started 1 times in the last half hour.',
  },
  {
    alarm: 'ProcessOverloaded',
    series: { 'nodejs_eventloop_lag_p99_seconds{job="consumer",instance="consumer:9100"}': '0.02 0.8x8' },
    quietAt: '1m',
    firesAt: '75s',
    labels: CONSUMER,
    description: 'In consumer consumer:9100 one step of a hundred waited 800ms for the processor.',
  },
  {
    alarm: 'MemoryHigh',
    series: { 'process_resident_memory_bytes{job="consumer",instance="consumer:9100"}': '3e8 503316480x20' },
    quietAt: '2m',
    firesAt: '135s',
    labels: CONSUMER,
    description: 'consumer consumer:9100 uses 480MiB; its container has 512 MiB (compose.yaml, ci/ops/k8s).',
  },
  {
    alarm: 'ClockWrong',
    series: { 'flashsale_clock_seconds{job="consumer",instance="consumer:9100"}': '0 15 30 105+15x8' },
    quietAt: '45s',
    firesAt: '75s',
    labels: CONSUMER,
    description: 'The clock of consumer consumer:9100 differs from that of Prometheus by 1m 0s.',
  },
  {
    alarm: 'DiskLow',
    series: {
      'node_filesystem_avail_bytes{instance="mysql-1",mountpoint="/var/lib/mysql",fstype="ext4"}': '50 5x20',
      'node_filesystem_size_bytes{instance="mysql-1",mountpoint="/var/lib/mysql",fstype="ext4"}': '100x20',
    },
    quietAt: '2m',
    firesAt: '135s',
    labels: { instance: 'mysql-1', mountpoint: '/var/lib/mysql', fstype: 'ext4' },
    description: '5% of /var/lib/mysql on mysql-1 is free.',
  },
  ...[
    { series: 'up', job: 'node-exporter', instance: 'node-exporter:9100' },
    { series: 'mysql_up', job: 'mysqld-exporter', instance: 'mysql:3306' },
    { series: 'nginx_up', job: 'nginx-exporter', instance: 'nginx-exporter:9113' },
    { series: 'probe_success', job: 'blackbox-exporter', instance: 'shop.example:443' },
  ].map(({ series, job, instance }) => ({
    alarm: 'ExporterDown',
    series: { [`${series}{job="${job}",instance="${instance}"}`]: '1 0x40' },
    quietAt: '5m',
    firesAt: '315s',
    labels: { job, instance },
    description: `${job} has had no values of ${instance} for five minutes. Alarms that need them do not ring.`,
  })),
];
