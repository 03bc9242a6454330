import '../measure/ladder/ladder-command.ts';
