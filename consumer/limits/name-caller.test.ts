import t from 'tap';
import { nameBlock, nameCaller } from './name-caller.ts';

t.test('an IPv4 address is its own name, also as a mapped address', async (t) => {
  t.equal(nameCaller('198.51.100.7'), '198.51.100.7');
  t.equal(nameCaller('::ffff:198.51.100.7'), '198.51.100.7');
  t.equal(nameCaller('::FFFF:198.51.100.7'), '198.51.100.7');
  t.equal(nameCaller('unix'), 'unix');
});

t.test('an IPv6 address is named by its /64 network', async (t) => {
  const network = '2001:db8:0:1::/64';
  for (const address of [
    '2001:db8:0:1::',
    '2001:db8:0:1::9',
    '2001:DB8:0:1:a:b:c:d',
    '2001:db8:0:1:ffff::%eth0',
    '2001:0db8:0000:0001::1.2.3.4',
  ]) {
    t.equal(nameCaller(address), network, address);
  }
  t.equal(nameCaller('2001:db8::1'), '2001:db8:0:0::/64');
  t.equal(nameCaller('::1'), '0:0:0:0::/64');
  t.equal(nameCaller('fe80::1:2:3:4'), 'fe80:0:0:0::/64');
  t.not(nameCaller('2001:db8:0:2::9'), network);
});

t.test('a block is an IPv4 /24 or an IPv6 /56 network', async (t) => {
  t.equal(nameBlock('198.51.100.7'), '198.51.100.0/24');
  t.equal(nameBlock('::ffff:198.51.100.250'), '198.51.100.0/24');
  t.equal(nameBlock('2001:db8:0:12ab::9'), '2001:db8:0:1200::/56');
  t.equal(nameBlock('2001:db8:0:12ff:1::9'), '2001:db8:0:1200::/56');
  t.equal(nameBlock('2001:db8:0:ff::9'), '2001:db8:0:0::/56');
  t.not(nameBlock('2001:db8:0:1300::9'), nameBlock('2001:db8:0:1200::9'));
  t.equal(nameBlock('unix'), 'unix');
});
