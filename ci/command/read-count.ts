/** A whole number from 1 to `most` given on the command line. Throws an error for the user. */
export function readCount(option: string, text: string, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > most) {
    throw new Error(`${option} takes a whole number from 1 to ${most}, not '${text}'`);
  }
  return value;
}
