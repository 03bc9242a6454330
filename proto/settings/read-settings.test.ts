import t from 'tap';
import { Type } from 'typebox';
import { processName, processSettings, readSettings, SettingsError } from './read-settings.ts';

const schema = Type.Object({
  ...processSettings,
  SOME_URL: Type.String({ pattern: '^mysql://', description: 'where' }),
  SOME_PORT: Type.Integer({ minimum: 1, maximum: 65535, default: 80, description: 'which', unit: 'port' }),
});
const good = { SOME_URL: 'mysql://x' };

t.test('settings are converted, defaults are set, and unknown variables are ignored', async (t) => {
  const settings = readSettings(schema, { ...good, SOME_PORT: '8080', HOME: '/root' });
  t.match(settings, { SOME_URL: 'mysql://x', SOME_PORT: 8080, LOG_LEVEL: 'info', METRICS_PORT: 0, PROCESS_NAME: '' });
  t.equal(readSettings(schema, good).SOME_PORT, 80);
  t.notOk('HOME' in settings);
});

t.test('an empty value means the default, and is missing where the setting is required', async (t) => {
  const settings = readSettings(schema, { ...good, SOME_PORT: '', LOG_LEVEL: '', NODE_ENV: '' });
  t.match(settings, { SOME_PORT: 80, LOG_LEVEL: 'info', NODE_ENV: 'production' });
  t.throws(() => readSettings(schema, { SOME_URL: '' }), { message: /^settings: .*SOME_URL/ });
});

t.test('an invalid setting is an error of one line with its name', async (t) => {
  const wrong: Record<string, NodeJS.ProcessEnv> = {
    SOME_URL: {},
    SOME_PORT: { ...good, SOME_PORT: 'eighty' },
    METRICS_PORT: { ...good, METRICS_PORT: '70000' },
    LOG_LEVEL: { ...good, LOG_LEVEL: 'loud' },
    PROCESS_NAME: { ...good, PROCESS_NAME: 'a name' },
  };
  for (const [name, env] of Object.entries(wrong)) {
    try {
      readSettings(schema, env);
      t.fail(`${name} was taken`);
    } catch (error) {
      t.type(error, SettingsError);
      const { message } = error as Error;
      t.match(message, name);
      t.match(message, /^settings: \S[^\n]*$/, 'one line');
    }
  }
});

t.test('a setting can be read from the file NAME_FILE', async (t) => {
  const dir = t.testdir({ url: 'mysql://s3cret@x\n', port: '8080', two: 'a\nb', none: '', long: 'x'.repeat(70_000) });
  const settings = readSettings(schema, { SOME_URL_FILE: `${dir}/url`, SOME_URL: '', SOME_PORT_FILE: `${dir}/port` });
  t.match(settings, { SOME_URL: 'mysql://s3cret@x', SOME_PORT: 8080 });
  t.notOk('SOME_URL_FILE' in settings);
  const refusals: [NodeJS.ProcessEnv, RegExp][] = [
    [{ ...good, SOME_URL_FILE: `${dir}/url` }, /^settings: set SOME_URL or SOME_URL_FILE, not both$/],
    [{ SOME_URL_FILE: `${dir}/nothing` }, /^settings: SOME_URL_FILE cannot be read: ENOENT$/],
    [{ SOME_URL_FILE: dir }, /^settings: SOME_URL_FILE is not a file of/],
    [{ SOME_URL_FILE: `${dir}/none` }, /^settings: SOME_URL_FILE is not a file of/],
    [{ SOME_URL_FILE: `${dir}/long` }, /^settings: SOME_URL_FILE is not a file of/],
    [{ SOME_URL_FILE: `${dir}/two` }, /^settings: SOME_URL_FILE has more than one line$/],
    [{ ...good, SOME_PORT_FILE: `${dir}/url` }, /^settings: SOME_PORT is not a number$/],
  ];
  for (const [env, says] of refusals)
    t.throws(() => readSettings(schema, env), { name: 'SettingsError', message: says });
});

t.test('a process without a name gets one that is valid in a channel', async (t) => {
  t.equal(processName('consumer-1', 'consumer'), 'consumer-1');
  t.match(processName('', 'consumer'), /^consumer-[A-Za-z0-9._-]{1,55}$/);
});
