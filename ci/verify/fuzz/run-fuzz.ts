import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readConfig } from '../../local/config.ts';
import { planFreePorts } from '../../local/ports/plan-free-ports.ts';
import { root } from '../../local/set-up/set-up.mjs';
import type { Supervisor } from '../../local/supervisor/start-supervisor.ts';
import { readOrMakeSecrets } from '../../local/system/plan-system.ts';
import { startSystem } from '../../local/system/start-system.ts';
import { withOwnSystem } from '../../local/system/with-own-system.ts';
import { auditSystem } from '../../ops/audit/audit-system.ts';
import { describeAudit } from '../../ops/audit/describe-audit.ts';
import { signTokens } from '../sale/buyers/create-tokens.ts';
import { readJunit } from './read-junit.ts';

// Run by ci/bin/fuzz-api with the path of schemathesis.

/** The stock id of the examples in the API description. */
const SID = 1001;
const EXAMPLES = 60;
/** Maximum duration of one run of schemathesis. */
const LIMIT_MS = 120_000;
const program = path.resolve(process.argv[2] ?? '');

let passed = 0;
let failed = 0;
function check(what: string, ok: boolean, details: string[] = []): void {
  console.log(`${ok ? '✓' : '✗'} ${what}`);
  if (ok) passed += 1;
  else failed += 1;
  if (!ok) for (const line of details) console.log(`    ${line}`);
}

/** Runs schemathesis in `dir`, where it leaves files. */
function run(dir: string, args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(program, args, { cwd: dir, timeout: LIMIT_MS, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part) => {
      output += part;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** Runs all phases that need no answer of an earlier call. */
async function fuzz(url: string, caller: string, token: string, dir: string): Promise<void> {
  const report = path.join(dir, `${caller}.xml`);
  const startedAt = performance.now();
  const { code, output } = await run(dir, [
    ...['--config-file', path.join(root, 'ci', 'verify', 'fuzz', 'schemathesis.toml')],
    ...['run', `${url}/api/v1/openapi.json`, '--url', url, '--header', `Authorization: Bearer ${token}`],
    ...['--phases', 'examples,coverage,fuzzing', '--max-examples', String(EXAMPLES), '--request-timeout', '5'],
    ...['--generation-database', 'none', '--no-color', '--warnings', 'off', '--report-junit-path', report],
  ]);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const cases = /(\d+) generated/.exec(output)?.[1] ?? 'no';
  console.log(`· as ${caller}: ${cases} cases in ${seconds} s`);
  const calls = code === 0 || code === 1 ? readJunit(readFileSync(report, 'utf8')) : [];
  for (const { name, failures } of calls) check(`${name}, as ${caller}`, failures.length === 0, failures);
  if (calls.length === 0) check(`schemathesis ran, as ${caller}`, false, output.split('\n').slice(-20));
}

async function main(dir: string, onOpen: (opened: Supervisor) => void): Promise<void> {
  const env = { ...process.env, ...(await planFreePorts()) };
  const system = await startSystem({ dir, env, processes: 1, print: console.log, onOpen });
  const { url, mysqlUrl, kafkaBrokers, kafkaSecurity } = system;
  const config = readConfig(env);
  const secrets = readOrMakeSecrets(dir, config);
  const sign = signTokens({
    secret: secrets.JWT_SECRET,
    issuer: 'flash-sale',
    audience: 'flash-sale',
  });
  const admin = await sign('boss', 'admin');
  const headers = { authorization: `Bearer ${admin}`, 'content-type': 'application/json' };
  const stock = { sid: String(SID), name: 'A lamp', count: 1000, price: { amount: 1999, currency: 'EUR' } };
  const created = await fetch(`${url}/api/v1/admin/stocks`, { method: 'POST', headers, body: JSON.stringify(stock) });
  if (created.status !== 201) throw new Error(`the stock was not created: ${created.status} ${await created.text()}`);
  const pids = () => system.supervisor.list().map(({ name, pid }) => `${name} ${pid}`);
  const before = pids();

  await fuzz(url, 'administrator', admin, dir);
  await fuzz(url, 'buyer', await sign('ann', 'buyer'), dir);

  check('no process was restarted', before.join() === pids().join(), pids());
  const errors = system.supervisor
    .list()
    .flatMap(({ name }) => readFileSync(system.supervisor.logFile(name), 'utf8').split('\n'))
    .filter((line) => line.includes('unhandled error'));
  check('no unhandled errors', errors.length === 0, errors.slice(0, 10));
  const { ORDER_RECORD_KEY: orderRecordKey } = secrets;
  const audit = await auditSystem({
    mysqlUrl,
    kafkaBrokers,
    kafkaSecurity,
    topicPrefix: config.TOPIC_PREFIX,
    orderRecordKey,
  });
  check('the audit passes', audit.ok, describeAudit(audit));
}

await withOwnSystem('fuzz', main).catch((error: Error) => check(error.message, false));
console.log(`fuzz: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
