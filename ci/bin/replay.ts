import '../ops/replay/replay-command.ts';
