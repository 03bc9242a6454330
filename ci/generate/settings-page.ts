import { isSecret, type Setting, settingsBySubject } from './process-settings.ts';

/** docs/settings.md, from the schemas of the processes. */
export function settingsPage(): string {
  const sections = settingsBySubject().map(([title, entries]) => {
    const rows = entries.map(({ name, setting, processes }) => {
      const mark = isSecret(name) ? ' **secret**' : '';
      const { unit = '', description } = setting;
      return `| \`${name}\`${mark} | ${processes.join(', ')} | ${defaultOf(setting)} | ${unit} | ${allowed(setting)} | ${description} |`;
    });
    return `## ${title}\n\n| name | process | default | unit | allowed | meaning |\n| --- | --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `# Settings

Set them as environment variables, or as lines of the file \`.env\` in the folder of package.json, which \`npm start\` and docker compose
read. An empty value means the default. \`NAME_FILE\` names a file with the value of \`NAME\` in one line, such as a mounted secret. With an
invalid value a process ends and prints one line that names it.

The second column names the processes that read a setting: \`npm start\` (which passes each process its settings), consumer, provider,
order-worker, experiments (\`ci/measure/experiments/run-experiments.ts\`) and purge (\`npm run purge\`). A setting with several rows differs
between them. In compose one value counts for all of them; on Kubernetes \`PROVIDER_MYSQL_POOL\` is the \`MYSQL_POOL\` of the providers only
([ci/ops/k8s](../ci/ops/k8s/README.md)).

**secret**: keep the value out of git and logs. [SECURITY.md](../SECURITY.md#secrets) says who needs which, and what a leak allows.

Limits of nginx: [compose.yaml](../compose.yaml), service \`nginx\`. \`npm run generate\` writes this page and \`.env.example\` from the schemas
of the processes.

${sections.join('\n')}`;
}

function allowed({ enum: values, minimum, maximum }: Setting): string {
  if (values) return values.map((value) => `\`${value}\``).join(', ');
  return minimum === undefined ? '' : `${minimum} to ${maximum}`;
}

function defaultOf(setting: Setting): string {
  if (setting.default === undefined) return '**required**';
  return setting.default === '' ? '(empty)' : `\`${setting.default}\``;
}
