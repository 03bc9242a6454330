/** One deliberate break: a rule that is left out, and what must notice. */
export type Mutant = {
  name: string;
  /** The rule that is left out, as the table tells it. */
  leftOut: string;
  /** Replacements of text that must be found exactly once in its file, or this list is out of date. */
  edits: { file: string; find: string; replace: string }[];
  /** The simulation, or a test file that fails. */
  caughtBy: 'simulate' | `${string}.test.ts`;
};

export const edit = (file: string, find: string, replace: string) => ({ file, find, replace });

/** A break that the simulation notices. */
export const simulated = (name: string, leftOut: string, ...edits: Mutant['edits']): Mutant => {
  return { name, leftOut, edits, caughtBy: 'simulate' };
};
