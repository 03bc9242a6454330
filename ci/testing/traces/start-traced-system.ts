import type { Test } from 'tap';
import { callApi } from '../clients/call-api.ts';
import { waitForLog } from '../orders/wait-for-log.ts';
import type { TestServers } from '../servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../servers/start-test-system.ts';

/** Starts one process of each kind. Resolves with the URL of the consumer. */
export async function startTracedSystem(t: Test, servers: TestServers, settings: Record<string, string>) {
  const provider = await startTestProvider(t, servers, { ...settings, PROCESS_NAME: 'provider-t' });
  await startTestWorker(t, servers, settings);
  const url = await startTestConsumer(t, servers, [provider], { ...settings, PROCESS_NAME: 'consumer-t' });
  await waitForLog(t, servers, provider);
  return url;
}

/** Settings that send every trace to this port. */
export const endpointOf = (port: number) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
  OTEL_TRACES_SAMPLER: 'always_on',
});

export const buy = (url: string, sid: number, buyer: string, headers: Record<string, string> = {}) =>
  callApi(url, `/api/v1/stocks/${sid}/orders`, { method: 'POST', as: buyer, headers });
