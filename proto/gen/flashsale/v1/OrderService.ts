// Original file: proto/flashsale/v1/order.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CreateOrderReplyInput as _flashsale_v1_CreateOrderReplyInput, CreateOrderReply as _flashsale_v1_CreateOrderReply } from '../../flashsale/v1/CreateOrderReply.ts';
import type { CreateOrderRequestInput as _flashsale_v1_CreateOrderRequestInput, CreateOrderRequest as _flashsale_v1_CreateOrderRequest } from '../../flashsale/v1/CreateOrderRequest.ts';
import type { GetOrdersReplyInput as _flashsale_v1_GetOrdersReplyInput, GetOrdersReply as _flashsale_v1_GetOrdersReply } from '../../flashsale/v1/GetOrdersReply.ts';
import type { GetOrdersRequestInput as _flashsale_v1_GetOrdersRequestInput, GetOrdersRequest as _flashsale_v1_GetOrdersRequest } from '../../flashsale/v1/GetOrdersRequest.ts';
import type { PlaceOrdersReplyInput as _flashsale_v1_PlaceOrdersReplyInput, PlaceOrdersReply as _flashsale_v1_PlaceOrdersReply } from '../../flashsale/v1/PlaceOrdersReply.ts';
import type { PlaceOrdersRequestInput as _flashsale_v1_PlaceOrdersRequestInput, PlaceOrdersRequest as _flashsale_v1_PlaceOrdersRequest } from '../../flashsale/v1/PlaceOrdersRequest.ts';

export interface OrderServiceClient extends grpc.Client {
  CreateOptimisticOrder(argument: _flashsale_v1_CreateOrderRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  CreateOptimisticOrder(argument: _flashsale_v1_CreateOrderRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  CreateOptimisticOrder(argument: _flashsale_v1_CreateOrderRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  CreateOptimisticOrder(argument: _flashsale_v1_CreateOrderRequestInput, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  createOptimisticOrder(argument: _flashsale_v1_CreateOrderRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  createOptimisticOrder(argument: _flashsale_v1_CreateOrderRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  createOptimisticOrder(argument: _flashsale_v1_CreateOrderRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  createOptimisticOrder(argument: _flashsale_v1_CreateOrderRequestInput, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  
  CreateOptimisticOrderUseRedis(argument: _flashsale_v1_CreateOrderRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  CreateOptimisticOrderUseRedis(argument: _flashsale_v1_CreateOrderRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  CreateOptimisticOrderUseRedis(argument: _flashsale_v1_CreateOrderRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  CreateOptimisticOrderUseRedis(argument: _flashsale_v1_CreateOrderRequestInput, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  createOptimisticOrderUseRedis(argument: _flashsale_v1_CreateOrderRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  createOptimisticOrderUseRedis(argument: _flashsale_v1_CreateOrderRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  createOptimisticOrderUseRedis(argument: _flashsale_v1_CreateOrderRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  createOptimisticOrderUseRedis(argument: _flashsale_v1_CreateOrderRequestInput, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  
  CreateOptimisticOrderUseRedisAndKafka(argument: _flashsale_v1_CreateOrderRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  CreateOptimisticOrderUseRedisAndKafka(argument: _flashsale_v1_CreateOrderRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  CreateOptimisticOrderUseRedisAndKafka(argument: _flashsale_v1_CreateOrderRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  CreateOptimisticOrderUseRedisAndKafka(argument: _flashsale_v1_CreateOrderRequestInput, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  createOptimisticOrderUseRedisAndKafka(argument: _flashsale_v1_CreateOrderRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  createOptimisticOrderUseRedisAndKafka(argument: _flashsale_v1_CreateOrderRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  createOptimisticOrderUseRedisAndKafka(argument: _flashsale_v1_CreateOrderRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  createOptimisticOrderUseRedisAndKafka(argument: _flashsale_v1_CreateOrderRequestInput, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  
  CreatePessimisticOrder(argument: _flashsale_v1_CreateOrderRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  CreatePessimisticOrder(argument: _flashsale_v1_CreateOrderRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  CreatePessimisticOrder(argument: _flashsale_v1_CreateOrderRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  CreatePessimisticOrder(argument: _flashsale_v1_CreateOrderRequestInput, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  createPessimisticOrder(argument: _flashsale_v1_CreateOrderRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  createPessimisticOrder(argument: _flashsale_v1_CreateOrderRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  createPessimisticOrder(argument: _flashsale_v1_CreateOrderRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  createPessimisticOrder(argument: _flashsale_v1_CreateOrderRequestInput, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  
  CreateWrongOrder(argument: _flashsale_v1_CreateOrderRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  CreateWrongOrder(argument: _flashsale_v1_CreateOrderRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  CreateWrongOrder(argument: _flashsale_v1_CreateOrderRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  CreateWrongOrder(argument: _flashsale_v1_CreateOrderRequestInput, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  createWrongOrder(argument: _flashsale_v1_CreateOrderRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  createWrongOrder(argument: _flashsale_v1_CreateOrderRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  createWrongOrder(argument: _flashsale_v1_CreateOrderRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  createWrongOrder(argument: _flashsale_v1_CreateOrderRequestInput, callback: grpc.requestCallback<_flashsale_v1_CreateOrderReply>): grpc.ClientUnaryCall;
  
  GetOrders(argument: _flashsale_v1_GetOrdersRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  GetOrders(argument: _flashsale_v1_GetOrdersRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  GetOrders(argument: _flashsale_v1_GetOrdersRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  GetOrders(argument: _flashsale_v1_GetOrdersRequestInput, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  getOrders(argument: _flashsale_v1_GetOrdersRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  getOrders(argument: _flashsale_v1_GetOrdersRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  getOrders(argument: _flashsale_v1_GetOrdersRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  getOrders(argument: _flashsale_v1_GetOrdersRequestInput, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  
  PlaceOrders(argument: _flashsale_v1_PlaceOrdersRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_PlaceOrdersReply>): grpc.ClientUnaryCall;
  PlaceOrders(argument: _flashsale_v1_PlaceOrdersRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_PlaceOrdersReply>): grpc.ClientUnaryCall;
  PlaceOrders(argument: _flashsale_v1_PlaceOrdersRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_PlaceOrdersReply>): grpc.ClientUnaryCall;
  PlaceOrders(argument: _flashsale_v1_PlaceOrdersRequestInput, callback: grpc.requestCallback<_flashsale_v1_PlaceOrdersReply>): grpc.ClientUnaryCall;
  placeOrders(argument: _flashsale_v1_PlaceOrdersRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_PlaceOrdersReply>): grpc.ClientUnaryCall;
  placeOrders(argument: _flashsale_v1_PlaceOrdersRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_PlaceOrdersReply>): grpc.ClientUnaryCall;
  placeOrders(argument: _flashsale_v1_PlaceOrdersRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_PlaceOrdersReply>): grpc.ClientUnaryCall;
  placeOrders(argument: _flashsale_v1_PlaceOrdersRequestInput, callback: grpc.requestCallback<_flashsale_v1_PlaceOrdersReply>): grpc.ClientUnaryCall;
  
}

export interface OrderServiceHandlers extends grpc.UntypedServiceImplementation {
  CreateOptimisticOrder: grpc.handleUnaryCall<_flashsale_v1_CreateOrderRequest, _flashsale_v1_CreateOrderReplyInput>;
  
  CreateOptimisticOrderUseRedis: grpc.handleUnaryCall<_flashsale_v1_CreateOrderRequest, _flashsale_v1_CreateOrderReplyInput>;
  
  CreateOptimisticOrderUseRedisAndKafka: grpc.handleUnaryCall<_flashsale_v1_CreateOrderRequest, _flashsale_v1_CreateOrderReplyInput>;
  
  CreatePessimisticOrder: grpc.handleUnaryCall<_flashsale_v1_CreateOrderRequest, _flashsale_v1_CreateOrderReplyInput>;
  
  CreateWrongOrder: grpc.handleUnaryCall<_flashsale_v1_CreateOrderRequest, _flashsale_v1_CreateOrderReplyInput>;
  
  GetOrders: grpc.handleUnaryCall<_flashsale_v1_GetOrdersRequest, _flashsale_v1_GetOrdersReplyInput>;
  
  PlaceOrders: grpc.handleUnaryCall<_flashsale_v1_PlaceOrdersRequest, _flashsale_v1_PlaceOrdersReplyInput>;
  
}

export interface OrderServiceDefinition extends grpc.ServiceDefinition {
  CreateOptimisticOrder: MethodDefinition<_flashsale_v1_CreateOrderRequestInput, _flashsale_v1_CreateOrderReplyInput, _flashsale_v1_CreateOrderRequest, _flashsale_v1_CreateOrderReply>
  CreateOptimisticOrderUseRedis: MethodDefinition<_flashsale_v1_CreateOrderRequestInput, _flashsale_v1_CreateOrderReplyInput, _flashsale_v1_CreateOrderRequest, _flashsale_v1_CreateOrderReply>
  CreateOptimisticOrderUseRedisAndKafka: MethodDefinition<_flashsale_v1_CreateOrderRequestInput, _flashsale_v1_CreateOrderReplyInput, _flashsale_v1_CreateOrderRequest, _flashsale_v1_CreateOrderReply>
  CreatePessimisticOrder: MethodDefinition<_flashsale_v1_CreateOrderRequestInput, _flashsale_v1_CreateOrderReplyInput, _flashsale_v1_CreateOrderRequest, _flashsale_v1_CreateOrderReply>
  CreateWrongOrder: MethodDefinition<_flashsale_v1_CreateOrderRequestInput, _flashsale_v1_CreateOrderReplyInput, _flashsale_v1_CreateOrderRequest, _flashsale_v1_CreateOrderReply>
  GetOrders: MethodDefinition<_flashsale_v1_GetOrdersRequestInput, _flashsale_v1_GetOrdersReplyInput, _flashsale_v1_GetOrdersRequest, _flashsale_v1_GetOrdersReply>
  PlaceOrders: MethodDefinition<_flashsale_v1_PlaceOrdersRequestInput, _flashsale_v1_PlaceOrdersReplyInput, _flashsale_v1_PlaceOrdersRequest, _flashsale_v1_PlaceOrdersReply>
}
