import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Test } from 'tap';
import { waitUntil } from '../../command/wait-until.ts';
import { findFreePorts } from '../../local/ports/find-free-ports.ts';
import { findProgram } from '../../local/set-up/find-program.mjs';

/** One series of an answer; the last value. */
export type Series = { labels: Record<string, string>; value: number };

export type TestPrometheus = {
  /** The series of a query in PromQL now. Rejects if Prometheus refuses the query. */
  query(expr: string): Promise<Series[]>;
};

type Answer = {
  status: string;
  error?: string;
  data?: { result: { metric: Record<string, string>; value: [number, string] }[] };
};

/** A real Prometheus that scrapes these ports every second, by job; stopped with the test. */
export async function startTestPrometheus(t: Test, jobs: Record<string, number>): Promise<TestPrometheus> {
  const command = findProgram('prometheus');
  if (!command) throw new Error('prometheus is not installed');
  const [port = 0] = await findFreePorts(1);
  const dir = mkdtempSync(path.join(tmpdir(), 'test-prometheus-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  const scrapes = Object.entries(jobs).map(([job, target]) => {
    return { job_name: job, static_configs: [{ targets: [`127.0.0.1:${target}`] }] };
  });
  // YAML contains JSON.
  const config = { global: { scrape_interval: '1s', scrape_timeout: '1s' }, scrape_configs: scrapes };
  writeFileSync(path.join(dir, 'prometheus.yml'), JSON.stringify(config));
  const prometheus = spawn(
    command,
    [
      ...['--config.file', path.join(dir, 'prometheus.yml'), '--storage.tsdb.path', path.join(dir, 'data')],
      ...['--web.listen-address', `127.0.0.1:${port}`, '--log.level', 'error'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let output = '';
  prometheus.stderr.on('data', (chunk) => {
    output += chunk;
  });
  t.teardown(async () => {
    if (prometheus.exitCode !== null) return;
    prometheus.kill('SIGTERM');
    await once(prometheus, 'exit');
  });
  const url = `http://127.0.0.1:${port}`;
  await waitUntil(
    'Prometheus to be ready',
    async () => {
      if (prometheus.exitCode !== null) throw new Error(output);
      const { status } = await fetch(`${url}/-/ready`);
      if (status !== 200) throw new Error(String(status));
    },
    { limitMs: 60_000 },
  );
  return {
    async query(expr) {
      const body = new URLSearchParams({ query: expr });
      const answer = (await (await fetch(`${url}/api/v1/query`, { method: 'POST', body })).json()) as Answer;
      if (!answer.data) throw new Error(answer.error);
      return answer.data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
    },
  };
}
