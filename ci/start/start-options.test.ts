import t from 'tap';
import { parseStartOptions } from './start-options.mjs';

t.test('without options two of each process run the sales and keep serving', async (t) => {
  t.match(parseStartOptions([]), { once: false, noSale: false, processes: 2, help: false });
});

t.test('an unknown option is an error', async (t) => {
  t.throws(() => parseStartOptions(['--onse']), { message: /--onse/ });
});

t.test('an invalid number of processes is an error', async (t) => {
  for (const wrong of ['0', '1.5', 'two', '17']) {
    t.throws(() => parseStartOptions(['--processes', wrong]), { message: /whole number from 1 to 16/ });
  }
});

t.test('options that contradict each other are an error', async (t) => {
  t.throws(() => parseStartOptions(['--once', '--no-sale']));
  t.throws(() => parseStartOptions(['--no-sale', '--json', 'result.json']));
});
