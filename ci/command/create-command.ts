import { type ParseArgsConfig, parseArgs } from 'node:util';
import { SettingsError } from '../../proto/settings/read-settings.ts';
import { keepStdoutForJson } from '../local/set-up/keep-stdout-for-json.mjs';
import { UsageError } from './usage-error.ts';

type OptionList = NonNullable<ParseArgsConfig['options']>;
type Values<O extends OptionList> = ReturnType<typeof parseArgs<{ options: O }>>['values'];

export type CommandOptions<O extends OptionList> = {
  /** Printed for --help; its first line begins with `Usage: `, its last part with `Examples:`. */
  usage: string;
  options: O;
  /** Whether arguments that are not options are accepted. */
  allowPositionals?: boolean;
  /** Resolves to the exit code. Throws a UsageError for wrong input. */
  run(values: Values<O>, positionals: string[]): number | Promise<number>;
};

const FAILED = 1;
const WRONG_INPUT = 2;

/**
 * The frame of every command: parses the options, prints the usage for --help, and prints errors. Resolves to the exit code: that of
 * `run`, 1 when it throws, 2 for wrong options or settings.
 */
export function createCommand<const O extends OptionList>(command: CommandOptions<O>) {
  const { usage, allowPositionals = false } = command;
  return async (argv: string[]): Promise<number> => {
    try {
      const options = { ...command.options, help: { type: 'boolean' } } as const;
      const { values, positionals } = parseArgs({ args: argv, allowPositionals, options });
      const { help, json } = values as { help?: boolean; json?: string };
      keepStdoutForJson(json);
      if (!help) return await command.run(values as Values<O>, positionals);
      console.log(usage);
      return 0;
    } catch (error) {
      const { message, code = '' } = error as Error & { code?: string };
      const isUsage = error instanceof UsageError || code.startsWith('ERR_PARSE_ARGS');
      console.error(`✗ ${message || code}`);
      if (isUsage) console.error(`\n${usage.split('\n', 1)[0]}\nRun it with --help to list the options.`);
      return isUsage || error instanceof SettingsError ? WRONG_INPUT : FAILED;
    }
  };
}
