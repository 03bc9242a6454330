import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/**
 * Mounts a small file system in memory at a folder, so that its disk can be filled without harm to others. Returns what unmounts it;
 * undefined where that is not allowed: only root may, and not in every container.
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
    // Lazily: a process that was just killed may hold it for a moment.
    execFileSync('umount', ['-l', dir], { stdio: 'ignore' });
  };
  process.on('exit', unmount);
  return unmount;
}
