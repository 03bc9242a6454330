import { fileURLToPath } from 'node:url';
import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync, type MessageTypeDefinition } from '@grpc/proto-loader';
import type { ProtoGrpcType as DrawTypes } from '../gen/draw.ts';
import type { DecisionBatch, DecisionBatchInput } from '../gen/flashsale/internal/v1/DecisionBatch.ts';
import type { OrderRecord, OrderRecordInput } from '../gen/flashsale/internal/v1/OrderRecord.ts';
import type { SignedMessage, SignedMessageInput } from '../gen/flashsale/internal/v1/SignedMessage.ts';
import type { StockUnits, StockUnitsInput } from '../gen/flashsale/internal/v1/StockUnits.ts';
import type { ProtoGrpcType as OrderTypes } from '../gen/order.ts';
import type { ProtoGrpcType as StockTypes } from '../gen/stock.ts';
import type { ProtoGrpcType as WebhookTypes } from '../gen/webhook.ts';

/** All messages and services. The options must equal those of `npm run generate`, which the types depend on. */
export const protoDefinition = loadSync(
  [
    'flashsale/v1/stock.proto',
    'flashsale/v1/order.proto',
    'flashsale/v1/webhook.proto',
    'flashsale/v1/draw.proto',
    'flashsale/internal/v1/internal.proto',
    'google/rpc/status.proto',
    'google/rpc/error_details.proto',
  ],
  {
    includeDirs: [fileURLToPath(new URL('..', import.meta.url))],
    longs: Number,
    enums: String,
    defaults: true,
    oneofs: true,
  },
);

const loaded = loadPackageDefinition(protoDefinition) as unknown as DrawTypes & OrderTypes & StockTypes & WebhookTypes;

export const { DrawService, StockService, OrderService, WebhookService } = loaded.flashsale.v1;

export const OrderRecordType = protoDefinition['flashsale.internal.v1.OrderRecord'] as MessageTypeDefinition<
  OrderRecordInput,
  OrderRecord
>;
export const SignedMessageType = protoDefinition['flashsale.internal.v1.SignedMessage'] as MessageTypeDefinition<
  SignedMessageInput,
  SignedMessage
>;
export const DecisionBatchType = protoDefinition['flashsale.internal.v1.DecisionBatch'] as MessageTypeDefinition<
  DecisionBatchInput,
  DecisionBatch
>;
export const StockUnitsType = protoDefinition['flashsale.internal.v1.StockUnits'] as MessageTypeDefinition<
  StockUnitsInput,
  StockUnits
>;
