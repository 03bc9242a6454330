/** Replaces the last line of a terminal; without a text, clears it. Prints nothing elsewhere. */
export function showProgress(text = ''): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${text}`);
}
