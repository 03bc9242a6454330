import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type MetricDefinition, metricTable } from '../../proto/metrics/metric-table.ts';

// Writes docs/metrics.md from the table of metrics; with --check only says whether it is up to date.

const rows = Object.entries(metricTable as Record<string, MetricDefinition>).map(
  ([name, { type, labels, of, help }]) =>
    `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${of.join(', ')} | ${help} |`,
);

const page = `# Metrics

Every process serves them for Prometheus at \`http://METRICS_HOST:METRICS_PORT/metrics\`, beside \`/livez\` (the process runs) and
\`/readyz\` (200 when it can serve; the body names each dependency, \`checks\` being those that it depends on). \`npm start\` gives
the processes the ports from 9100 up. Beside these each process has the usual ones of Node.js, such as
\`nodejs_eventloop_lag_p99_seconds\` and \`process_resident_memory_bytes\`. \`npm run generate\` writes this page from
[metric-table.ts](../proto/metrics/metric-table.ts).

| name | type | labels | process | meaning |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

## Live

\`GET /api/v1/admin/live\` shows the same counts as rates of the last second, without a Prometheus: each process publishes what it counts once a
second on the Redis channel \`live:DATABASE\` ([live-report.ts](../proto/messages/live-report.ts)), and the consumers add it up. What is lost on the
way is missing from that picture and from nothing else. Rates go by the clock of the consumer that is asked, and are of the second that ended 1.2 s ago, so that everybody has told of it.

nginx counts nothing that it could publish. With \`npm start\` it writes orders to a log of their own, three words a line, and
[ci/ops/count-nginx/count-nginx.ts](../ci/ops/count-nginx/count-nginx.ts) beside it reads and publishes them. It empties that log whenever it is larger than 64 MB. In compose and on
Kubernetes nginx is not counted: its container has a read-only root, a user of its own and no way to Redis, and a file that two containers share
would need all three changed. The consumers' figures stand there; what nginx answers by itself, from its cache of what is sold
out or because of its limit, is then in none of them. Where nginx and a process that may reach Redis share a folder, it is
\`NGINX_ACCESS_LOG='/path/orders.log orders buffer=64k flush=1s if=$is_order'\` for the one and \`ORDERS_LOG\`, \`NGINX_PID\`, \`REDIS_URL\` for the other.
`;

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const target = new URL('../../docs/metrics.md', import.meta.url);
if (!values.check) writeFileSync(target, page);
else if (readFileSync(target, 'utf8') !== page) {
  console.error('docs/metrics.md is not what the table of metrics says: npm run generate');
  process.exitCode = 1;
}
