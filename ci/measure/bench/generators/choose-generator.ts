import { UsageError } from '../../../command/usage-error.ts';
import { findProgram } from '../../../local/set-up/find-program.mjs';
import { installDebianPackages } from '../../../local/set-up/install-debian-packages.mjs';
import { runAutocannon } from './run-autocannon.ts';
import { type LoadResult, runWrk, type WrkLoad } from './run-wrk.ts';

const runners = { wrk: runWrk, autocannon: runAutocannon };

export type GeneratorName = keyof typeof runners;
export type Generator = { name: GeneratorName; run(load: WrkLoad): Promise<LoadResult> };

/** The one that is asked for; undefined: wrk where it is there or can be installed, for it costs least, else autocannon. */
export async function chooseGenerator(asked: string | undefined, print: (line: string) => void): Promise<Generator> {
  const of = (name: GeneratorName): Generator => ({ name, run: runners[name] });
  if (asked === 'autocannon') return of(asked);
  if (asked !== undefined && asked !== 'wrk')
    throw new UsageError(`--generator takes wrk or autocannon, not '${asked}'`);
  try {
    if (!findProgram('wrk')) await installDebianPackages([{ title: 'wrk', package: 'wrk' }]);
    return of('wrk');
  } catch (error) {
    if (asked === 'wrk') throw error;
    print(`· without wrk the load comes from autocannon, which takes more of the machine (${firstLine(error)})`);
    return of('autocannon');
  }
}

const firstLine = (error: unknown) => (error as Error).message.split('\n')[0];
