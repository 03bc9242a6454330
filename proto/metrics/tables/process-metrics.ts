import { ALL, DECIDERS, type MetricDefinition } from './metric-definition.ts';

/** Metrics of the processes. */
export const processMetrics = {
  flashsale_build_info: {
    type: 'gauge',
    help: 'Always 1. The labels name the version and the commit of the code; commit is empty if it is not known',
    labels: ['version', 'commit'],
    of: ALL,
  },
  flashsale_dependency_up: {
    type: 'gauge',
    help: '1 if the dependency is available, otherwise 0',
    labels: ['dependency'],
    of: ALL,
  },
  flashsale_pool_connections: {
    type: 'gauge',
    help: 'Connections to MySQL. state: used, free, or pending (callers that wait for a connection)',
    labels: ['state'],
    of: DECIDERS,
  },
  flashsale_later_secret_used_timestamp_seconds: {
    type: 'gauge',
    help: 'When a secret after the first in the list of this setting last verified something, in seconds since 1970; 0: never',
    labels: ['setting'],
    of: ALL,
  },
  flashsale_clock_seconds: {
    type: 'gauge',
    help: 'The time of the clock of this process at the scrape, in seconds since 1970',
    labels: [],
    of: ALL,
  },
  flashsale_warm_up_seconds: {
    type: 'gauge',
    help: 'Duration of the last warm-up; 0: none',
    labels: [],
    of: ALL,
  },
  flashsale_warm_up_age_seconds: {
    type: 'gauge',
    help: 'Time since the end of the last warm-up; 0: none',
    labels: [],
    of: ALL,
  },
} as const satisfies Record<string, MetricDefinition>;
