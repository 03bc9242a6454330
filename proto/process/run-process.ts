import closeWithGrace from 'close-with-grace';
import type { Logger } from 'pino';
import { deadlines } from '../settings/deadlines.ts';
import { processName, SettingsError } from '../settings/read-settings.ts';
import { createLogger } from './create-logger.ts';

type Settings = { PROCESS_NAME: string; LOG_LEVEL: string };

export type RunningProcess = {
  /** Becomes not ready, serves on until its callers have moved on, and resolves then. Leaves time to close. */
  drain?(): Promise<void>;
  close(): Promise<void>;
};

/**
 * The life of a process: settings, start, and an ordered end on SIGTERM, SIGINT or an error nobody caught. On SIGTERM its
 * callers are let go first; SIGINT is somebody at the terminal, who waits for it.
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
    if (err) logger.fatal({ err }, 'ends after an error');
    else logger.info({ signal }, 'stops');
    if (signal === 'SIGTERM') await running?.drain?.();
    await running?.close();
  });
  try {
    running = await start(config, name, logger);
  } catch (error) {
    logger.fatal({ err: error }, 'could not start');
    process.exit(1);
  }
}
