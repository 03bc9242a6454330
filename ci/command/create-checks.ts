/** Prints and counts checks, for commands that end with `N passed, N failed`. */
export function createChecks() {
  const counts = { passed: 0, failed: 0 };
  return {
    counts,
    check(title: string, ok: boolean, details: string[] = []): void {
      console.log(`${ok ? '✓' : '✗'} ${title}`);
      counts[ok ? 'passed' : 'failed'] += 1;
      if (!ok) for (const line of details.slice(0, 10)) console.log(`    ${line}`);
    },
    /** Prints the last line. Returns the exit code. */
    finish(command: string): number {
      console.log(`${command}: ${counts.passed} passed, ${counts.failed} failed`);
      return counts.failed === 0 ? 0 : 1;
    },
  };
}
