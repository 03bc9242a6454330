import { Type } from 'typebox';

/** Settings of traces, by the names that OpenTelemetry gives them. */
export const traceSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.String({
    default: '',
    pattern: '^(https?://[^ ]+)?$',
    description:
      'Where traces are sent: the address of a collector for OTLP over HTTP, such as http://127.0.0.1:4318. Empty: no traces',
  }),
  OTEL_TRACES_SAMPLER: Type.Enum(
    [
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ],
    {
      default: 'traceidratio',
      description:
        'Which orders are traced; the same in all processes. parentbased_*: as without parentbased, since the trace of an order has no parent',
    },
  ),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 0.01,
    description: 'With traceidratio: the share of orders that are traced; the same in all processes',
  }),
};
