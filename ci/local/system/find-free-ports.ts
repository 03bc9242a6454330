import { findPortRow } from '../supervisor/find-port-row.ts';

/** Ports that nobody listened on a moment ago. */
export async function findFreePorts(count: number): Promise<number[]> {
  const first = await findPortRow(count);
  return Array.from({ length: count }, (_, i) => first + i);
}
