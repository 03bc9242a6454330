import '../ops/purge/purge-command.ts';
