/** A seeded bug: a rule that is removed on purpose, and the check that must fail without it. */
export type Mutant = {
  name: string;
  /** The rule that is removed, as the table in docs/reliability.md names it. */
  rule: string;
  edits: Edit[];
  /** The simulation, or the test file that must fail. */
  caughtBy: 'simulate' | `${string}.test.ts`;
};

/** One change of the sources. It must apply exactly once. */
export type Edit = {
  /** The function that is changed, or the constant at the top level of its module. */
  in: string;
  /** Code: an expression or a statement. SQL: words of a string literal. */
  language: 'code' | 'sql';
  find: string;
  replace: string;
};

/**
 * Replaces an expression or a statement. Layout, comments and types are not compared. In `find`, `$1` to `$9` match any
 * expression, and as a loop's or branch's body any statement; `replace` can use what they matched.
 */
export const edit = (name: string, find: string, replace: string): Edit => {
  return { in: name, language: 'code', find, replace };
};

export const remove = (name: string, statement: string): Edit => edit(name, statement, '');

/** Replaces words in a string literal. White space is not compared. */
export const editSql = (name: string, find: string, replace: string): Edit => {
  return { in: name, language: 'sql', find, replace };
};

/** A seeded bug that the simulation catches. */
export const simulated = (name: string, rule: string, ...edits: Edit[]): Mutant => {
  return { name, rule, edits, caughtBy: 'simulate' };
};

/** A seeded bug that the simulation cannot catch, or only by luck: it has a test. */
export const tested = (name: string, rule: string, caughtBy: `${string}.test.ts`, ...edits: Edit[]): Mutant => {
  return { name, rule, edits, caughtBy };
};
