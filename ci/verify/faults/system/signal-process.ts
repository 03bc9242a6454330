import { findSession, readProcess } from '../../../local/supervisor/process-identity.ts';
import type { FaultSystem } from './fault-system.ts';

/** Signals the process and its descendants, such as nginx's workers. The returned function resumes them. */
export function signalProcess({ supervisor }: FaultSystem, name: string, signal: NodeJS.Signals): () => void {
  const pid = supervisor.pidOf(name);
  const leader = pid === undefined ? undefined : readProcess(pid);
  if (!leader) throw new Error(`${name} is not running`);
  const session = findSession(leader);
  for (const { pid: member } of session) process.kill(member, signal);
  return () => {
    for (const { pid: member } of findSession(leader)) process.kill(member, 'SIGCONT');
  };
}
