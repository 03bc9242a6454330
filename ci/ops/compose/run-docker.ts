import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Resolves with the output of `docker …`. The environment sets the project (COMPOSE_PROJECT_NAME). */
export async function runDocker(args: string[], limitMs: number): Promise<string> {
  try {
    const { stdout } = await run('docker', args, { timeout: limitMs, maxBuffer: 16 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const { stderr = '', killed } = error as { stderr?: string; killed?: boolean };
    const why = killed ? `not within ${limitMs / 1000} s` : stderr.trim().split('\n').slice(-3).join('; ');
    throw new Error(`docker ${args.slice(0, 3).join(' ')} …: ${why}`, { cause: error });
  }
}
