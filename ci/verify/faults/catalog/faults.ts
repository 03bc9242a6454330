import { clockFaults } from './clock-faults.ts';
import { dataFaults } from './data-faults.ts';
import { diskFaults } from './disk-faults.ts';
import { drawFaults } from './draw-faults.ts';
import { expiryFaults } from './expiry-faults.ts';
import type { Fault } from './fault.ts';
import { linkFaults } from './link-faults.ts';
import { calmSale, loadFaults } from './load-faults.ts';
import { lockFaults } from './lock-faults.ts';
import { openingFaults } from './opening-faults.ts';
import { partitionFaults } from './partition-faults.ts';
import { paymentFaults } from './payment-faults.ts';
import { processFaults } from './process-faults.ts';
import { rebalanceFaults } from './rebalance-faults.ts';
import { recordFaults } from './record-faults.ts';

/** All faults; those that destroy data come last. */
export const faults: Fault[] = [
  calmSale,
  ...processFaults,
  ...linkFaults,
  ...lockFaults,
  ...rebalanceFaults,
  ...recordFaults,
  ...partitionFaults,
  ...expiryFaults,
  ...paymentFaults,
  ...clockFaults,
  ...openingFaults,
  ...drawFaults,
  ...loadFaults,
  ...diskFaults,
  ...dataFaults,
];

/** The faults of --quick, which run for every pull request. */
export const quickNames = ['kill-consumer', 'kill-worker', 'kill-redis', 'kill-kafka', 'freeze-mysql'];
