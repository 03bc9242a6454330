import { fileURLToPath } from 'node:url';
import { runLoad } from './run-load.ts';
import type { LoadResult, WrkLoad } from './run-wrk.ts';
import type { TokenFile } from './write-tokens.ts';

/** What autocannon-load.ts is given. */
export type AutocannonJob = Omit<WrkLoad, 'headers' | 'tokens'> & {
  headers: Record<string, string>;
  tokens?: TokenFile | undefined;
};
/** What it prints at its end. `taken`: buyers who have come, those without an answer too. */
export type AutocannonSaid = LoadResult & { taken: number };

/** The same closed loop as runWrk, where wrk cannot be had. It takes several times as much of the machine. */
export async function runAutocannon({ tokens, headers = [], ...load }: WrkLoad): Promise<LoadResult> {
  const job: AutocannonJob = {
    ...load,
    tokens,
    headers: Object.fromEntries(headers.map((line) => line.split(': ', 2))),
  };
  const script = fileURLToPath(new URL('autocannon-load.ts', import.meta.url));
  const output = await runLoad(process.execPath, [script, JSON.stringify(job)], load.seconds);
  const line = output.split('\n').find((one) => one.startsWith('{'));
  if (!line) throw new Error(`autocannon said: ${output.trim()}`);
  const { taken, ...result } = JSON.parse(line) as AutocannonSaid;
  if (tokens) tokens.next += taken;
  return result;
}
