import { parseMetrics, type Sample } from '../../command/parse-metrics.ts';
import { runDocker } from './run-docker.ts';

const LIMIT_MS = 20_000;
// In the container, because the port is not published; compose.yaml sets it.
const SCRIPT = `require('http').get('http://127.0.0.1:9100/metrics', (response) => response.pipe(process.stdout))`;

/** The metrics of a replica. */
export async function readMetrics(container: string): Promise<Sample[]> {
  return parseMetrics(await runDocker(['exec', container, 'node', '-e', SCRIPT], LIMIT_MS));
}
