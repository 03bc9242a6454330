/**
 * Makes of tap's full output what a log should hold: one line for each test file, and everything of those that failed.
 * Returns a function that takes a line and returns the lines to show.
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
    // A file's lines stand before its result when it ran alone, and after it when files ran side by side.
    const before = result === 'ok' ? [] : block;
    showing = result !== 'ok';
    block = [];
    return [title, ...before];
  };
}
