import type { Supervisor } from '../../local/supervisor/start-supervisor.ts';

/**
 * Replaces all processes of the system, nginx in front of them, and the Kafka broker, by fresh ones; MariaDB and Redis keep running. The
 * code cache has what the processes compile during their start, in every round the same.
 */
export async function restartSystem(supervisor: Supervisor): Promise<void> {
  const named = (prefix: string) =>
    supervisor.list().flatMap(({ name }) => (name === prefix || name.startsWith(`${prefix}-`) ? [name] : []));
  const consumers = named('consumer');
  const others = [...named('provider'), ...named('order-worker')];
  for (const names of [consumers, others]) await Promise.all(names.map((name) => supervisor.halt(name)));
  // Not there if the bench uses a running broker.
  await replaceAll(supervisor, named('kafka'));
  await replaceAll(supervisor, others);
  await replaceAll(supervisor, consumers);
  await supervisor.replace('nginx');
}

/** Replaces bare Fastify and nginx in front of it by fresh processes. */
export async function restartBare(supervisor: Supervisor): Promise<void> {
  const bare = supervisor.list().flatMap(({ name }) => (name.startsWith('bare-') ? [name] : []));
  await replaceAll(supervisor, [...bare, 'nginx-bare']);
}

async function replaceAll(supervisor: Supervisor, names: string[]): Promise<void> {
  await Promise.all(names.map((name) => supervisor.replace(name)));
}
