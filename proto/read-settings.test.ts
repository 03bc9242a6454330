import t from 'tap';
import { Type } from 'typebox';
import { processName, processSettings, readSettings, SettingsError } from './read-settings.ts';

const schema = Type.Object({
  ...processSettings,
  SOME_URL: Type.String({ pattern: '^mysql://', description: 'where' }),
  SOME_PORT: Type.Integer({ minimum: 1, maximum: 65535, default: 80, description: 'which', unit: 'port' }),
});
const good = { SOME_URL: 'mysql://x' };

t.test('settings are converted, defaults filled in, and unknown variables ignored', async (t) => {
  const settings = readSettings(schema, { ...good, SOME_PORT: '8080', HOME: '/root' });
  t.match(settings, { SOME_URL: 'mysql://x', SOME_PORT: 8080, LOG_LEVEL: 'info', METRICS_PORT: 0, PROCESS_NAME: '' });
  t.equal(readSettings(schema, good).SOME_PORT, 80);
  t.notOk('HOME' in settings);
});

t.test('a wrong setting is one clear line that names it', async (t) => {
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

t.test('a process without a name gets one that can be part of a channel', async (t) => {
  t.equal(processName('consumer-1', 'consumer'), 'consumer-1');
  t.match(processName('', 'consumer'), /^consumer-[A-Za-z0-9._-]{1,55}$/);
});
