import type { Logger } from 'pino';
import type { Metrics } from '../proto/metrics/metrics.ts';
import { UnknownRecordVersionError } from './decode-records.ts';

/** Which partitions this worker owns, and which of them are stuck. */
export function createPartitionStates(logger: Logger, metrics: Pick<Metrics, 'watch' | 'assigned'>) {
  const stuck = new Set<number>();
  let isAssigned = false;
  metrics.watch('flashsale_log_stuck_partitions', () => stuck.size);

  return {
    isAssigned: () => isAssigned,
    setStuck(partition: number, isStuck: boolean, error?: unknown): void {
      if (isStuck) stuck.add(partition);
      else stuck.delete(partition);
      if (error instanceof UnknownRecordVersionError) {
        logger.error({ err: error, partition }, 'unknown record version; partition stopped');
      } else if (isStuck) logger.warn({ err: error, partition }, 'partition is stuck');
      else logger.info({ partition }, 'partition recovered');
    },
    assign(partitions: number[]): void {
      isAssigned = true;
      for (const partition of stuck) if (!partitions.includes(partition)) stuck.delete(partition);
      metrics.assigned(partitions);
      logger.info({ partitions }, 'partitions assigned');
    },
  };
}
