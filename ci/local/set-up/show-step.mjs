const LONG_STEP_MS = 10_000;

/**
 * Runs a step and prints one line with its duration: `· nginx … installed (4 s)`. In a terminal the line counts the seconds;
 * elsewhere a long step prints its progress every 10 s.
 *
 * @template T
 * @param {string} name
 * @param {string} done printed at the end, such as `installed`
 * @param {(progress: (line: string) => void) => Promise<T>} run
 * @returns {Promise<T>}
 */
export async function showStep(name, done, run) {
  const startedAt = Date.now();
  const terminal = process.stdout.isTTY === true;
  let detail = '';
  const show = () => {
    const width = (process.stdout.columns ?? 80) - 1;
    process.stdout.write(`\r\x1b[K${`· ${name} … ${seconds(startedAt)} ${detail}`.slice(0, width)}`);
  };
  if (terminal) show();
  const timer = terminal
    ? setInterval(show, 500)
    : setInterval(() => console.log(`  ${name}: ${seconds(startedAt)} ${detail}`.slice(0, 120)), LONG_STEP_MS);
  try {
    const result = await run((line) => {
      detail = line;
    });
    clearInterval(timer);
    console.log(`${terminal ? '\r\x1b[K' : ''}· ${name} … ${done} (${seconds(startedAt)})`);
    return result;
  } catch (error) {
    clearInterval(timer);
    console.log(`${terminal ? '\r\x1b[K' : ''}✗ ${name} … failed (${seconds(startedAt)})`);
    throw error;
  }
}

/** @param {number} startedAt */
export function seconds(startedAt) {
  const passed = (Date.now() - startedAt) / 1000;
  return `${passed < 10 ? passed.toFixed(1) : Math.round(passed)} s`;
}
