import type { Test } from 'tap';
import { findFreePorts } from '../../local/ports/find-free-ports.ts';
import { startTestProgram } from './start-test-program.ts';

/** The samples of one page, by series and by name alone; of several series the last. */
export type Samples = Map<string, number>;

/** A real exporter, stopped with the test. Returns a function that reads a page of it. */
export async function startExporter(
  t: Test,
  program: string,
  args: string[],
): Promise<(page?: string) => Promise<Samples>> {
  const [port = 0] = await findFreePorts(1);
  async function read(page = '/metrics'): Promise<Samples> {
    const answer = await fetch(`http://127.0.0.1:${port}${page}`);
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(text);
    return new Map(
      [...text.matchAll(/^(([a-z]\w*)(?:\{.*\})?) (\S+)$/gm)].flatMap(([, series = '', name = '', value]) => [
        [series, Number(value)],
        [name, Number(value)],
      ]),
    );
  }
  const own = [...args, `--web.listen-address=127.0.0.1:${port}`];
  await startTestProgram(t, program, own, { env: {}, check: () => read(), limitMs: 20_000 });
  return read;
}
