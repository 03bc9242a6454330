import '../local/system/stop-command.ts';
