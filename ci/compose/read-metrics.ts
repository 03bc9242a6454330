import { runDocker } from './run-docker.ts';

export type Sample = { name: string; labels: Record<string, string>; value: number };

const limitMs = 20_000;
// From inside, where alone a process shows them; compose.yaml says the port.
const print = `require('http').get('http://127.0.0.1:9100/metrics', (response) => response.pipe(process.stdout))`;

/** What a replica counts, from its /metrics. */
export async function readMetrics(container: string): Promise<Sample[]> {
  return parseMetrics(await runDocker(['exec', container, 'node', '-e', print], limitMs));
}

export function parseMetrics(text: string): Sample[] {
  return [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name = '', labels = '', value]) => ({
    name,
    labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key, text])),
    value: Number(value),
  }));
}

/** The sum over a metric's samples that have these labels. */
export function sumOf(samples: Sample[], wanted: string, labels: Record<string, string> = {}): number {
  return samples
    .filter(({ name }) => name === wanted)
    .filter((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0);
}
