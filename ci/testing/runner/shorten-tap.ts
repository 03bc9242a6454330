/**
 * Shortens the output of tap for a log: one line for each test file, and the full output of failed files. Returns a function that
 * takes a line and returns the lines to print.
 */
export function shortenTap(): (line: string) => string[] {
  let block: string[] = [];
  let showing = false;
  return (line) => {
    const [, result, file] = /^(ok|not ok) \d+ - (.*?)\s*\{?$/.exec(line) ?? [];
    if (file === undefined) {
      if (line.startsWith('# Subtest: ')) showing = false;
      if (showing && line !== '}' && line !== '') return [line];
      block.push(line);
      return [];
    }
    const [name, time] = file.split(' # time=');
    const title = `${result === 'ok' ? '· ' : '✗ '}${name}${time ? ` (${time})` : ''}`;
    // The lines of a file come before its result when it ran alone, and after it when files ran in parallel.
    const before = result === 'ok' ? [] : block;
    showing = result !== 'ok';
    block = [];
    return [title, ...before];
  };
}
