import '../measure/bench/bench-command.ts';
