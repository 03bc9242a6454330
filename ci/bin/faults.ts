import '../verify/faults/faults-command.ts';
