import { parseMetrics, type Sample } from '../../command/parse-metrics.ts';
import { runDocker } from './run-docker.ts';

const limitMs = 20_000;
// From inside, where alone a process shows them; compose.yaml says the port.
const print = `require('http').get('http://127.0.0.1:9100/metrics', (response) => response.pipe(process.stdout))`;

/** What a replica counts, from its /metrics. */
export async function readMetrics(container: string): Promise<Sample[]> {
  return parseMetrics(await runDocker(['exec', container, 'node', '-e', print], limitMs));
}
