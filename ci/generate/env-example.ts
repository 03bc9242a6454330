import { isSecret, settingsBySubject } from './process-settings.ts';

/** .env.example, from the schemas of the processes. */
export function envExample(): string {
  const sections = settingsBySubject().map(([title, entries]) => {
    const settings = [...Map.groupBy(entries, ({ name }) => name)].map(([name, rows]) => {
      const texts = rows.map(({ setting, processes }) => {
        const unit = setting.unit ? ` [${setting.unit}]` : '';
        const value = rows.length > 1 && setting.default ? `; default ${setting.default}` : '';
        return `# ${isSecret(name) ? 'Secret. ' : ''}${setting.description}${unit} (${processes.join(', ')}${value})\n`;
      });
      return `${texts.join('')}#${name}=${rows[0]?.setting.default ?? ''}\n`;
    });
    return `# ---- ${title} ----\n\n${settings.join('\n')}`;
  });
  return `# Copy this file to .env and uncomment the settings that you change. All settings and their limits: docs/settings.md

${sections.join('\n')}`;
}
