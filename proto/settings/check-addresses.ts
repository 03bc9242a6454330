import { SettingsError } from './read-settings.ts';

const PORT_MAX = 65_535;
/** The path of a MYSQL_URL. */
const DATABASE = /^\/\w{1,64}$/;

// No error message contains a URL: it may include a password.

/** Each part must be a URL with a host, and with a database if it is a MySQL URL. Throws a SettingsError that names the setting. */
export function checkUrls(name: string, text: string): void {
  for (const part of text.split(',')) {
    const url = URL.parse(part);
    if (!url?.hostname)
      throw new SettingsError(`settings: ${name} is not a URL with a host and a port up to ${PORT_MAX}`);
    if (url.protocol === 'mysql:' && !DATABASE.test(url.pathname)) {
      throw new SettingsError(`settings: ${name} names no database (letters, digits, _)`);
    }
  }
}

/** Each part must be host:port. Throws a SettingsError that names the setting. */
export function checkHostPorts(name: string, text: string): void {
  for (const part of text.split(',')) {
    const port = Number(/^[^\s:/]+:(\d{1,5})$/.exec(part)?.[1] ?? 0);
    if (port < 1 || port > PORT_MAX) {
      throw new SettingsError(`settings: ${name} has '${part}', which is not host:port (1 to ${PORT_MAX})`);
    }
  }
}

/** No two settings may name the same port. 0 is allowed repeatedly: it means any free port, or none. Throws a SettingsError. */
export function checkPorts(settings: Record<string, number>): void {
  const taken = new Map<number, string>();
  for (const [name, port] of Object.entries(settings)) {
    const other = taken.get(port);
    if (port !== 0 && other) throw new SettingsError(`settings: ${other} and ${name} are both ${port}`);
    taken.set(port, name);
  }
}
