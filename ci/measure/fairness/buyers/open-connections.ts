import type { HttpClient } from '../../../verify/sale/buyers/http-client.ts';

/** Opens this many connections, as buyers do who look at a stock before it opens. */
export async function openConnections(client: HttpClient, sid: number, connections: number): Promise<void> {
  const look = () => client.send({ method: 'GET', path: `/api/v1/stocks/${sid}` });
  await Promise.all(Array.from({ length: connections }, look));
}
