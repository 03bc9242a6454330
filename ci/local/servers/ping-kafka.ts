import { exchange } from './exchange.ts';

const API_VERSIONS_KEY = 18;
const CORRELATION_ID = 7;

/**
 * Sends an ApiVersions request to a broker, without kafkajs, which only `proto/` imports. A broker in KRaft mode listens on its port
 * only after the controller has registered it.
 */
export function pingKafka(port: number): Promise<void> {
  const isAnswer = (answer: Buffer) => {
    if (answer.length < 10) return false;
    const errorCode = answer.readInt16BE(8);
    if (answer.readInt32BE(4) !== CORRELATION_ID || errorCode !== 0) throw new Error(`error code ${errorCode}`);
    return true;
  };
  return exchange({ port, request: apiVersionsRequest(), limitMs: 2000, isAnswer });
}

/** Length, API key, API version 0, correlation id, client id. */
function apiVersionsRequest(): Buffer {
  const clientId = Buffer.from('ping');
  const request = Buffer.alloc(4 + 2 + 2 + 4 + 2 + clientId.length);
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt16BE(API_VERSIONS_KEY, 4);
  request.writeInt16BE(0, 6);
  request.writeInt32BE(CORRELATION_ID, 8);
  request.writeInt16BE(clientId.length, 12);
  clientId.copy(request, 14);
  return request;
}
