import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { CreateOrderReplyInput as _flashsale_v1_CreateOrderReplyInput, CreateOrderReply as _flashsale_v1_CreateOrderReply } from './flashsale/v1/CreateOrderReply.ts';
import type { CreateOrderRequestInput as _flashsale_v1_CreateOrderRequestInput, CreateOrderRequest as _flashsale_v1_CreateOrderRequest } from './flashsale/v1/CreateOrderRequest.ts';
import type { DecidedOrderInput as _flashsale_v1_DecidedOrderInput, DecidedOrder as _flashsale_v1_DecidedOrder } from './flashsale/v1/DecidedOrder.ts';
import type { DecisionBatchInput as _flashsale_v1_DecisionBatchInput, DecisionBatch as _flashsale_v1_DecisionBatch } from './flashsale/v1/DecisionBatch.ts';
import type { GetOrdersReplyInput as _flashsale_v1_GetOrdersReplyInput, GetOrdersReply as _flashsale_v1_GetOrdersReply } from './flashsale/v1/GetOrdersReply.ts';
import type { GetOrdersRequestInput as _flashsale_v1_GetOrdersRequestInput, GetOrdersRequest as _flashsale_v1_GetOrdersRequest } from './flashsale/v1/GetOrdersRequest.ts';
import type { OrderInput as _flashsale_v1_OrderInput, Order as _flashsale_v1_Order } from './flashsale/v1/Order.ts';
import type { OrderRecordInput as _flashsale_v1_OrderRecordInput, OrderRecord as _flashsale_v1_OrderRecord } from './flashsale/v1/OrderRecord.ts';
import type { OrderRequestInput as _flashsale_v1_OrderRequestInput, OrderRequest as _flashsale_v1_OrderRequest } from './flashsale/v1/OrderRequest.ts';
import type { OrderServiceClient as _flashsale_v1_OrderServiceClient, OrderServiceDefinition as _flashsale_v1_OrderServiceDefinition } from './flashsale/v1/OrderService.ts';
import type { PlaceOrdersReplyInput as _flashsale_v1_PlaceOrdersReplyInput, PlaceOrdersReply as _flashsale_v1_PlaceOrdersReply } from './flashsale/v1/PlaceOrdersReply.ts';
import type { PlaceOrdersRequestInput as _flashsale_v1_PlaceOrdersRequestInput, PlaceOrdersRequest as _flashsale_v1_PlaceOrdersRequest } from './flashsale/v1/PlaceOrdersRequest.ts';
import type { PlacedOrderInput as _flashsale_v1_PlacedOrderInput, PlacedOrder as _flashsale_v1_PlacedOrder } from './flashsale/v1/PlacedOrder.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  flashsale: {
    v1: {
      CreateOrderOutcome: EnumTypeDefinition
      CreateOrderReply: MessageTypeDefinition<_flashsale_v1_CreateOrderReplyInput, _flashsale_v1_CreateOrderReply>
      CreateOrderRequest: MessageTypeDefinition<_flashsale_v1_CreateOrderRequestInput, _flashsale_v1_CreateOrderRequest>
      DecidedOrder: MessageTypeDefinition<_flashsale_v1_DecidedOrderInput, _flashsale_v1_DecidedOrder>
      Decision: EnumTypeDefinition
      DecisionBatch: MessageTypeDefinition<_flashsale_v1_DecisionBatchInput, _flashsale_v1_DecisionBatch>
      GetOrdersReply: MessageTypeDefinition<_flashsale_v1_GetOrdersReplyInput, _flashsale_v1_GetOrdersReply>
      GetOrdersRequest: MessageTypeDefinition<_flashsale_v1_GetOrdersRequestInput, _flashsale_v1_GetOrdersRequest>
      Order: MessageTypeDefinition<_flashsale_v1_OrderInput, _flashsale_v1_Order>
      OrderRecord: MessageTypeDefinition<_flashsale_v1_OrderRecordInput, _flashsale_v1_OrderRecord>
      OrderRequest: MessageTypeDefinition<_flashsale_v1_OrderRequestInput, _flashsale_v1_OrderRequest>
      OrderService: SubtypeConstructor<typeof grpc.Client, _flashsale_v1_OrderServiceClient> & { service: _flashsale_v1_OrderServiceDefinition }
      PlaceOrdersReply: MessageTypeDefinition<_flashsale_v1_PlaceOrdersReplyInput, _flashsale_v1_PlaceOrdersReply>
      PlaceOrdersRequest: MessageTypeDefinition<_flashsale_v1_PlaceOrdersRequestInput, _flashsale_v1_PlaceOrdersRequest>
      PlacedOrder: MessageTypeDefinition<_flashsale_v1_PlacedOrderInput, _flashsale_v1_PlacedOrder>
      Placement: EnumTypeDefinition
    }
  }
}

