import net from 'node:net';
import { findPortHolder } from './find-port-holder.ts';

export type PlannedPort = { port: number; what: string; variable: string };

/** Throws one error that names every port that can't be had, who holds it, and the variable that moves it. */
export async function checkPorts(planned: PlannedPort[]): Promise<void> {
  const problems: string[] = [];
  for (const [index, { port, what, variable }] of planned.entries()) {
    const twin = planned.slice(0, index).find((other) => other.port === port);
    if (twin) {
      problems.push(
        `port ${port} is planned twice, for ${twin.what} and for ${what}: set ${twin.variable} or ${variable}`,
      );
    } else if (!(await canListen(port))) {
      const holder = findPortHolder(port) ?? 'a process that cannot be told from here';
      problems.push(`port ${port} for ${what} is in use by ${holder}: end that, or set ${variable} to another port`);
    }
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

async function canListen(port: number): Promise<boolean> {
  const server = net.createServer();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  server.once('error', () => resolve(false));
  server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  return promise;
}
