import type { Logger } from 'pino';
import type { Static, TObject } from 'typebox';
import type { traceSettings } from '../traces/trace-settings.ts';
import { createTraces, type Traces } from '../traces/traces.ts';
import { createRareWarning } from './rare-warning.ts';

type TraceSettings = Static<TObject<typeof traceSettings>>;

const WARN_EVERY_MS = 60_000;

/** `instance`: the name of this process. */
export type StartTracesOptions = { service: string; instance: string; logger: Logger };

/** Undefined: traces are off (OTEL_EXPORTER_OTLP_ENDPOINT is empty), and nothing of OpenTelemetry is loaded. */
export async function startTraces(
  settings: TraceSettings,
  { service, instance, logger }: StartTracesOptions,
): Promise<Traces | undefined> {
  const endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === '') return undefined;
  const warn = createRareWarning(logger, 'traces not sent', WARN_EVERY_MS);
  const { createSpanSender } = await import('../traces/span-sender.ts');
  const sender = createSpanSender({ endpoint, service, instance, onFailed: (err) => warn({ err }) });
  return createTraces(sender, ratioOf(settings));
}

function ratioOf({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: ratio }: TraceSettings): number {
  if (sampler.endsWith('always_on')) return 1;
  return sampler.endsWith('always_off') ? 0 : ratio;
}
