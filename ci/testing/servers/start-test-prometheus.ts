import type { Test } from 'tap';
import { startPrometheus } from '../../local/servers/start-prometheus.ts';
import { startSupervisor } from '../../local/supervisor/start-supervisor.ts';

/** One series of an answer; the last value. */
export type Series = { labels: Record<string, string>; value: number };

export type TestPrometheus = {
  /** The series of a query in PromQL now. Rejects if Prometheus refuses the query. */
  query(expr: string): Promise<Series[]>;
};

type Answer = { data: { result: { metric: Record<string, string>; value: [number, string] }[] } };

/** A real Prometheus that scrapes these ports every second, by job; stopped with the test. */
export async function startTestPrometheus(t: Test, jobs: Record<string, number>): Promise<TestPrometheus> {
  const supervisor = await startSupervisor(t.testdir(), () => undefined);
  t.teardown(() => supervisor.stop());
  const scrape_configs = Object.entries(jobs).map(([job_name, port]) => {
    return { job_name, static_configs: [{ targets: [`127.0.0.1:${port}`] }] };
  });
  const prometheus = await startPrometheus(supervisor, { scrape_configs });
  if (!prometheus) throw new Error('prometheus is not installed');
  return {
    async query(expr) {
      const { data } = JSON.parse(
        await prometheus.ask('/api/v1/query', new URLSearchParams({ query: expr })),
      ) as Answer;
      return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
    },
  };
}
