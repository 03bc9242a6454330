import '../verify/simulate/simulate-command.ts';
