import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type MetricDefinition, metricTable } from '../proto/metric-table.ts';

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
[metric-table.ts](../proto/metric-table.ts).

| name | type | labels | process | meaning |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const target = new URL('../docs/metrics.md', import.meta.url);
if (!values.check) writeFileSync(target, page);
else if (readFileSync(target, 'utf8') !== page) {
  console.error('docs/metrics.md is not what the table of metrics says: npm run generate');
  process.exitCode = 1;
}
