/** Calls `begin` when this window gets the Web Lock, which it holds until `signal` is aborted. Does nothing without Web Locks. */
export function holdLock(name: string, signal: AbortSignal, begin: () => void): void {
  const lead = () =>
    new Promise<void>((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      signal.addEventListener('abort', () => resolve());
      begin();
    });
  navigator.locks?.request(name, { signal }, lead).catch(() => undefined);
}
