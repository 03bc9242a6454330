/**
 * With --json - only the result goes to standard output: everything that is printed goes to standard error.
 *
 * @param {unknown} json value of the option --json
 */
export function keepStdoutForJson(json) {
  if (json === '-') console.log = console.error;
}
