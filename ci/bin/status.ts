import '../local/system/status-command.ts';
