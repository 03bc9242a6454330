import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { metricTable } from '../../proto/metrics/metric-table.ts';
import type { MetricDefinition } from '../../proto/metrics/tables/metric-definition.ts';

// Writes docs/metrics.md from the table of metrics; with --check only checks whether it is up to date.

const rows = Object.entries(metricTable as Record<string, MetricDefinition>).map(
  ([name, { type, labels, of, help }]) =>
    `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${of.join(', ')} | ${help} |`,
);

const page = `# Metrics

Every process serves them for Prometheus at \`http://METRICS_HOST:METRICS_PORT/metrics\`, with \`/livez\` (the process is running) and
\`/readyz\` (200 when it can serve; the body names each dependency, \`checks\` those that it requires). \`npm start\` uses the ports
from 9100. Each process also has the default metrics of Node.js, such as
\`nodejs_eventloop_lag_p99_seconds\` and \`process_resident_memory_bytes\`. \`npm run generate\` writes this page from
[proto/metrics/tables](../proto/metrics/tables).

| name | type | labels | process | meaning |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

## Live

\`GET /api/v1/admin/live\` shows the same counts as rates of the last second, without Prometheus: each process publishes its counts once a
second on the Redis channel \`live:DATABASE\` ([live-report.ts](../proto/messages/live-report.ts)), and the consumers add them up. A lost
message affects only these rates. They follow the clock of the answering consumer, and cover the second that ended 1.2 s ago, for which all
processes have reported.

nginx cannot publish counts. With \`npm start\` it writes its orders to a log, three words a line, and
[ci/ops/count-nginx/count-nginx.ts](../ci/ops/count-nginx/count-nginx.ts) counts and publishes them. It empties that log when it exceeds 64 MB.
In compose and on Kubernetes nginx is not counted, because its container has a read-only root and no access to Redis. The live figures then
contain only requests that reach a consumer, and not those that nginx answers from its sold-out cache or refuses by its limit. To count them,
let nginx and a process with access to Redis share a folder: set
\`NGINX_ACCESS_LOG='/path/orders.log orders buffer=64k flush=1s if=$is_order'\` for nginx, and \`ORDERS_LOG\`, \`NGINX_PID\` and \`REDIS_URL\` for count-nginx.
`;

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const target = new URL('../../docs/metrics.md', import.meta.url);
if (!values.check) writeFileSync(target, page);
else if (readFileSync(target, 'utf8') !== page) {
  console.error('docs/metrics.md is out of date: run npm run generate');
  process.exitCode = 1;
}
