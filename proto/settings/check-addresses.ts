import { SettingsError } from './read-settings.ts';

const PORT_MAX = 65_535;
/** Of the database in a MYSQL_URL. */
const DATABASE = /^\/\w{1,64}$/;

// What they say holds no part of the value: there may be a password in it.

/** Each part is a URL with a host; of MySQL also with a database. Throws a SettingsError that names the setting. */
export function checkUrls(name: string, text: string): void {
  for (const part of text.split(',')) {
    const url = URL.parse(part);
    if (!url?.hostname) throw new SettingsError(`settings: ${name} is no URL with a host and a port up to ${PORT_MAX}`);
    if (url.protocol === 'mysql:' && !DATABASE.test(url.pathname)) {
      throw new SettingsError(`settings: ${name} names no database (letters, digits, _)`);
    }
  }
}

/** Each part is host:port. Throws a SettingsError that names the setting. */
export function checkHostPorts(name: string, text: string): void {
  for (const part of text.split(',')) {
    const port = Number(/^[^\s:/]+:(\d{1,5})$/.exec(part)?.[1] ?? 0);
    if (port < 1 || port > PORT_MAX) {
      throw new SettingsError(`settings: ${name} has '${part}', which is not host:port (1 to ${PORT_MAX})`);
    }
  }
}

/** A process cannot serve two things on one port. 0 is any free one, or none. Throws a SettingsError. */
export function checkPorts(settings: Record<string, number>): void {
  const taken = new Map<number, string>();
  for (const [name, port] of Object.entries(settings)) {
    const other = taken.get(port);
    if (port !== 0 && other) throw new SettingsError(`settings: ${other} and ${name} are both ${port}`);
    taken.set(port, name);
  }
}
