const STATUS = /^[1-5]\d\d$/;

/** Counts lines of nginx's format `orders`: status, cache status, limit status. Other lines are ignored. */
export function countLines() {
  const counts: Record<string, number> = {};
  const add = (key: string) => {
    counts[key] = (counts[key] ?? 0) + 1;
  };
  return {
    counts,
    take(line: string): void {
      const [status = '', cache = '', limit = ''] = line.split(' ');
      if (!STATUS.test(status)) return;
      add(`status:${status}`);
      if (cache === 'HIT') add('cached');
      if (limit === 'REJECTED') add('limited');
    },
  };
}
