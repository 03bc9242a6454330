import { replayCommand } from '../ops/replay/replay-command.ts';

process.exitCode = await replayCommand(process.argv.slice(2));
