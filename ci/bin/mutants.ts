import '../verify/mutants/mutants-command.ts';
