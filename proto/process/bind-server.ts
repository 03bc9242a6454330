import { type Server, ServerCredentials } from '@grpc/grpc-js';
import type { TlsOptions } from '../settings/tls-files.ts';

/** Listens; without `tls`, for connections that are not encrypted. Resolves with the port; with port 0 in the address, a free one. */
export function bindServer(server: Server, address: string, tls: TlsOptions | null = null): Promise<number> {
  const credentials = tls ? createCredentials(tls) : ServerCredentials.createInsecure();
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => (error ? reject(error) : resolve(port)));
  });
}

/** With `ca`, every client needs a certificate of that CA. */
function createCredentials({ ca, cert = '', key = '' }: TlsOptions): ServerCredentials {
  const pair = { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) };
  return ServerCredentials.createSsl(ca === undefined ? null : Buffer.from(ca), [pair], ca !== undefined);
}
