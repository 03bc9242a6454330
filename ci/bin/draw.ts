import { drawCommand } from '../ops/draws/draw-command.ts';

process.exitCode = await drawCommand(process.argv.slice(2));
