import '../measure/scaling/scaling-command.ts';
