import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { runBuf } from '../../generate/run-buf.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const released = 'ci/verify/api/released/protos.binpb';

t.test('what is generated from the protos is up to date', async (t) => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'ci/generate/write-grpc.ts'), '--check'], {
    encoding: 'utf8',
  });
  t.equal(status, 0, stderr);
});

t.test('buf lint finds nothing in the protos', async (t) => {
  const { passed, text } = runBuf('lint', 'proto');
  t.ok(passed, text);
});

t.test('the protos break no client of the last release', async (t) => {
  const { passed, text } = runBuf('breaking', 'proto', '--against', released);
  t.ok(passed, text);
});

t.test('a change that breaks clients is found', async (t) => {
  const folder = t.testdir();
  for (const part of ['buf.yaml', 'flashsale', 'google', 'grpc']) {
    cpSync(join(root, 'proto', part), join(folder, part), { recursive: true });
  }
  const change = (file: string, from: string, to: string) => {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    t.ok(text.includes(from), `${file} has: ${from}`);
    writeFileSync(path, text.replace(from, to));
  };
  t.ok(runBuf('breaking', folder, '--against', released).passed, 'the copy is unchanged');
  change('flashsale/v1/order.proto', 'string buyer = 3;', 'string buyer = 33;');
  change('flashsale/v1/stock.proto', '  rpc GetStock(GetStockRequest) returns (Stock);\n', '');
  change('flashsale/internal/v1/internal.proto', 'bytes mac = 3;', 'string mac = 3;');
  const { passed, text } = runBuf('breaking', folder, '--against', released);
  t.notOk(passed);
  t.match(text, /field "3" with name "buyer"/);
  t.match(text, /"GetStock"/);
  t.match(text, /"mac".*"bytes" to "string"/);
});
