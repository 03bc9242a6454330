import { callMetrics } from './tables/call-metrics.ts';
import { jobMetrics } from './tables/job-metrics.ts';
import { logMetrics } from './tables/log-metrics.ts';
import { orderMetrics } from './tables/order-metrics.ts';
import { processMetrics } from './tables/process-metrics.ts';

/** All metrics. docs/metrics.md is generated from this table. Names end with their unit. */
export const metricTable = { ...callMetrics, ...orderMetrics, ...logMetrics, ...jobMetrics, ...processMetrics };

export type MetricName = keyof typeof metricTable;
