const betweenLooksMs = 500;

/**
 * `npm start` runs us below a shell of npm's. A SIGTERM ends npm and that shell, and the shell hands nothing on: so the
 * loss of our parent counts as the signal. Only below npm: a script that ends may well leave `node ci/bin/start.mjs` running.
 */
export function endWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, betweenLooksMs);
  timer.unref(); // It must not keep a finished command alive.
}
