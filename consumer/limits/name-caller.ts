import { isIPv6 } from 'node:net';

/**
 * The name under which limits count a client address: the address itself, for IPv6 its first 64 bits, because a client usually has the
 * whole network. nginx does the same (nginx/flash-sale.conf.template).
 */
export function nameCaller(address: string): string {
  const bare = address.split('%', 1)[0] ?? '';
  if (!isIPv6(bare)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  // The URL parser normalises: shortest form, lower case, no dots.
  const [head = '', tail] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::');
  const groups = head.split(':').filter(Boolean);
  const last = tail?.split(':').filter(Boolean) ?? [];
  const zeros = tail === undefined ? 0 : 8 - groups.length - last.length;
  return `${[...groups, ...Array<string>(zeros).fill('0'), ...last].slice(0, 4).join(':')}::/64`;
}

/** The block of addresses of a client, which usually has one owner: IPv4 /24, IPv6 /56. */
export function nameBlock(address: string): string {
  const caller = nameCaller(address);
  const [a, b, c, d = ''] = caller.replace('::/64', '').split(':');
  if (caller.endsWith('::/64')) return `${a}:${b}:${c}:${(Number.parseInt(d, 16) & 0xff00).toString(16)}::/56`;
  return caller.replace(/\.\d+$/, '.0/24');
}
