import { type Server, ServerCredentials } from '@grpc/grpc-js';

/** Listens without TLS. Resolves with the port; with port 0 in the address, a free one. */
export function bindServer(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}
