import { BlockList, isIPv6 } from 'node:net';

const hidden = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Link-local, and with it the addresses at which clouds tell their credentials.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // Multicast, reserved, broadcast.
  ['224.0.0.0', 3],
] as const) {
  hidden.addSubnet(network, bits, 'ipv4');
}

const inside6 = new BlockList();
// Global unicast, without what leads to IPv4 addresses (6to4, Teredo) or is for documentation.
inside6.addSubnet('2000::', 3, 'ipv6');
const except6 = new BlockList();
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  except6.addSubnet(network, bits, 'ipv6');
}

/** Whether an IP address is one of the public internet. IPv4 addresses inside IPv6 ones are not public, whatever they are. */
export function isPublicAddress(address: string): boolean {
  if (!isIPv6(address)) return !hidden.check(address, 'ipv4');
  return inside6.check(address, 'ipv6') && !except6.check(address, 'ipv6');
}
