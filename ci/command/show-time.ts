import { secondsSince } from './seconds-since.ts';

/** Runs a step and prints its duration: `· nginx … up (1.2 s)`. */
export async function showTime<T>(
  print: (line: string) => void,
  name: string,
  done: string,
  run: () => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  const result = await run();
  print(`· ${name} … ${done} (${secondsSince(startedAt)})`);
  return result;
}
