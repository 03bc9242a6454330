import { isSecret, type Setting, serviceSettings } from './process-settings.ts';

/** Settings that compose.yaml does not take from .env, and why. */
export const fixedInCompose: Record<string, string> = {
  PROCESS_NAME: 'each replica needs its own name, which it makes of its kind, host and pid',
  METRICS_HOST: 'Prometheus and the health check reach it inside the network',
  METRICS_PORT: 'each container has its own address, and the health check knows the port',
  CONSUMER_HOST: 'nginx reaches it inside the network',
  CONSUMER_PORT: 'nginx knows the port',
  TRUST_PROXY: 'only nginx reaches the consumers, from a private address',
  PROVIDER_HOST: 'consumers reach it inside the network',
  PROVIDER_PORT: 'consumers know the port',
  PROVIDERS: 'the name of the service',
  SYSTEM_URL: 'the name of the service',
};

/** ci/ops/compose/settings.yaml: passes each service of compose.yaml the settings of its process, and no others. */
export function composeSettings(): string {
  const services = Object.entries(serviceSettings).map(
    ([name, settings]) => `  ${name}:\n    environment:\n${environmentOf(settings)}`,
  );
  return `# Written by \`npm run generate\` from the schemas of the processes. Passes each service the settings of its process from .env; an empty value
# means the default (docs/settings.md). compose.yaml extends these services, and sets what differs in containers.

services:
${services.join('\n')}`;
}

function environmentOf(settings: Record<string, Setting>): string {
  const names = Object.keys(settings).filter((name) => !(name in fixedInCompose));
  const linesOf = (some: string[]) => some.map((name) => `      ${name}: \${${name}:-}\n`).join('');
  const secrets = names.filter(isSecret);
  return `${linesOf(names.filter((name) => !isSecret(name)))}${secrets.length > 0 ? '      # Secrets\n' : ''}${linesOf(secrets)}`;
}
