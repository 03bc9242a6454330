import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Test } from 'tap';
import { waitUntil } from '../../command/wait-until.ts';
import { findFreePorts } from '../../local/ports/find-free-ports.ts';
import { findProgram } from '../../local/set-up/find-program.mjs';

/** The samples of one page, by series and by name alone; of several series the last. */
export type Samples = Map<string, number>;

/** A real exporter, stopped with the test. Returns a function that reads a page of it. */
export async function startExporter(
  t: Test,
  program: string,
  args: string[],
): Promise<(page?: string) => Promise<Samples>> {
  const command = findProgram(program);
  if (!command) throw new Error(`${program} is not installed`);
  const [port = 0] = await findFreePorts(1);
  const exporter = spawn(command, [...args, `--web.listen-address=127.0.0.1:${port}`], {
    env: {},
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  exporter.stderr.on('data', (chunk) => {
    output += chunk;
  });
  t.teardown(async () => {
    if (exporter.exitCode !== null) return;
    exporter.kill('SIGTERM');
    await once(exporter, 'exit');
  });
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
  await waitUntil(
    `${program} to answer`,
    async () => {
      if (exporter.exitCode !== null) throw new Error(output);
      await read();
    },
    { limitMs: 20_000 },
  );
  return read;
}
