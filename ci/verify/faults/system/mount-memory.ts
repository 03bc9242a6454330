import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/**
 * Mounts a small file system in memory at a folder, so that filling it does not affect other folders. Returns a function that
 * unmounts it, or undefined if mounting is not allowed: it needs root, and is not allowed in every container.
 */
export function mountMemory(dir: string, megabytes: number): (() => void) | undefined {
  mkdirSync(dir, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'flash-sale-faults', dir], {
      stdio: 'ignore',
    });
  } catch {
    return undefined;
  }
  let mounted = true;
  const unmount = () => {
    if (!mounted) return;
    mounted = false;
    process.removeListener('exit', unmount);
    // Lazily, because a killed process may still use it.
    execFileSync('umount', ['-l', dir], { stdio: 'ignore' });
  };
  process.on('exit', unmount);
  return unmount;
}
