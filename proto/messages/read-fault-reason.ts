import type { ServiceError } from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';
import { protoDefinition } from './load-protos.ts';

// protobufjs keeps this field in snake case.
type Any = { type_url: string; value: Buffer };
type RpcStatus = { details: Any[] };
type ErrorInfo = { reason: string };

const StatusType = protoDefinition['google.rpc.Status'] as MessageTypeDefinition<RpcStatus, RpcStatus>;
const ErrorInfoType = protoDefinition['google.rpc.ErrorInfo'] as MessageTypeDefinition<ErrorInfo, ErrorInfo>;
const ERROR_INFO = 'type.googleapis.com/google.rpc.ErrorInfo';

/** The reason of a provider's error, which tells apart errors with the same status. Empty: it has none. */
export function readFaultReason({ metadata }: Pick<ServiceError, 'metadata'>): string {
  const [trailer] = metadata.get('grpc-status-details-bin');
  if (!Buffer.isBuffer(trailer)) return '';
  const info = StatusType.deserialize(trailer).details.find(({ type_url }) => type_url === ERROR_INFO);
  return info ? ErrorInfoType.deserialize(info.value).reason : '';
}
