export type Form = { [name: string]: FormValue };
export type FormValue = string | Form;

/** Parses a form as Stripe does: `a[b][0]=c` becomes { a: { b: { 0: 'c' } } }. */
export function parseForm(text: string): Form {
  const form: Form = {};
  for (const [key, value] of new URLSearchParams(text)) {
    const names = key.split(/\[|\]\[|\]/).filter((name, index) => index === 0 || name !== '');
    const last = names.pop() ?? '';
    let place = form;
    for (const name of names) {
      place[name] ??= {};
      place = place[name] as Form;
    }
    place[last === '' ? String(Object.keys(place).length) : last] = value;
  }
  return form;
}

/** The names of all values, such as `line_items.0.quantity`. */
export function namesOf(form: Form, prefix = ''): string[] {
  return Object.entries(form).flatMap(([name, value]) =>
    typeof value === 'string' ? [`${prefix}${name}`] : namesOf(value, `${prefix}${name}.`),
  );
}

export function textAt(form: Form, path: string): string | undefined {
  let value: FormValue | undefined = form;
  for (const name of path.split('.')) value = typeof value === 'object' ? value[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
