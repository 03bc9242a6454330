/** Replaces each ${NAME}, as the nginx image does. The variables of nginx are in lower case and stay. */
export function renderTemplate(template: string, values: Record<string, string>): string {
  return template.replace(/\$\{([A-Z_]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the template has an unknown variable ${name}`);
    return value;
  });
}
