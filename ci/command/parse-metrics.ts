export type Sample = { name: string; labels: Record<string, string>; value: number };

/** Parses the exposition format of /metrics. */
export function parseMetrics(text: string): Sample[] {
  return [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name = '', labels = '', value]) => ({
    name,
    labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key, text])),
    value: Number(value),
  }));
}

/** The sum of the samples of `wanted` that have at least these labels. */
export function sumOf(samples: Sample[], wanted: string, labels: Record<string, string> = {}): number {
  return samples
    .filter(({ name }) => name === wanted)
    .filter((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0);
}
