import closeWithGrace from 'close-with-grace';
import type { Logger } from 'pino';
import { deadlines } from '../settings/deadlines.ts';
import { processName, SettingsError } from '../settings/read-settings.ts';
import { createLogger } from './create-logger.ts';

type Settings = { PROCESS_NAME: string; LOG_LEVEL: string };

export type RunningProcess = {
  /** Reports not ready, finishes requests in flight, and resolves when its callers use other processes. */
  drain?(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Runs a process: reads the settings, starts, and shuts down on SIGTERM, SIGINT or an uncaught error. SIGTERM drains it first; SIGINT, sent
 * from a terminal, does not.
 */
export async function runProcess<Config extends Settings>(
  kind: string,
  readConfig: () => Config,
  start: (config: Config, name: string, logger: Logger) => Promise<RunningProcess>,
): Promise<void> {
  let config: Config;
  try {
    config = readConfig();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    console.error(`${kind}: ${error.message}`);
    process.exitCode = 2;
    return;
  }
  const name = processName(config.PROCESS_NAME, kind);
  const logger = createLogger(name, config.LOG_LEVEL);
  let running: RunningProcess | undefined;
  closeWithGrace({ delay: deadlines.STOP.ms, logger }, async ({ signal, err }) => {
    if (err) logger.fatal({ err }, 'process failed; stopping');
    else logger.info({ signal }, 'stopping');
    if (signal === 'SIGTERM') await running?.drain?.();
    await running?.close();
  });
  try {
    running = await start(config, name, logger);
  } catch (error) {
    logger.fatal({ err: error }, 'start failed');
    process.exit(1);
  }
}
