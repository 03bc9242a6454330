import type { MessageTypeDefinition } from '@grpc/proto-loader';
import { protoDefinition } from '../../proto/messages/load-protos.ts';

// protobufjs keeps this field in snake case.
type Any = { type_url: string; value: Buffer };

/** The domain of all reasons. */
const DOMAIN = 'flashsale';

const encodeStatus = encoderOf<{ code: number; message: string; details: Any[] }>('google.rpc.Status');
const encodeErrorInfo = encoderOf<{ reason: string; domain: string; metadata: Record<string, string> }>(
  'google.rpc.ErrorInfo',
);
const encodeRetryInfo = encoderOf<{ retryDelay: { seconds: number; nanos: number } }>('google.rpc.RetryInfo');
const encodeBadRequest = encoderOf<{ fieldViolations: { field: string; description: string }[] }>(
  'google.rpc.BadRequest',
);

export type FaultDetails = {
  code: number;
  message: string;
  reason: string;
  about: Record<string, string>;
  retryMs: number | undefined;
  invalid: { field: string; description: string } | undefined;
};

/** The trailer grpc-status-details-bin: google.rpc.Status with ErrorInfo, and RetryInfo or BadRequest where they apply. */
export function encodeFaultDetails({ code, message, reason, about, retryMs, invalid }: FaultDetails): Buffer {
  const details = [anyOf('ErrorInfo', encodeErrorInfo({ reason, domain: DOMAIN, metadata: about }))];
  if (retryMs !== undefined) {
    const retryDelay = { seconds: Math.floor(retryMs / 1000), nanos: (retryMs % 1000) * 1_000_000 };
    details.push(anyOf('RetryInfo', encodeRetryInfo({ retryDelay })));
  }
  if (invalid) {
    const { field, description } = invalid;
    details.push(anyOf('BadRequest', encodeBadRequest({ fieldViolations: [{ field, description }] })));
  }
  return encodeStatus({ code, message, details });
}

function anyOf(type: string, value: Buffer): Any {
  return { type_url: `type.googleapis.com/google.rpc.${type}`, value };
}

function encoderOf<Message extends object>(name: string) {
  return (protoDefinition[name] as unknown as MessageTypeDefinition<Message, Message>).serialize;
}
