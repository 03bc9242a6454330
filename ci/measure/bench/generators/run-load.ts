import { spawn } from 'node:child_process';
import path from 'node:path';

const LIMIT_MS = 30_000;

/** What a load generator prints. It has `seconds` and some more to end. */
export function runLoad(command: string, args: string[], seconds: number): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: seconds * 1000 + LIMIT_MS });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += String(chunk);
    });
  }
  const name = path.basename(command);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) =>
      code === 0 ? resolve(output) : reject(new Error(`${name} ended with ${signal ?? code}: ${output.trim()}`)),
    );
  });
}
