// Original file: proto/flashsale/v1/order.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CancelOrderRequestInput as _flashsale_v1_CancelOrderRequestInput, CancelOrderRequest as _flashsale_v1_CancelOrderRequest } from '../../flashsale/v1/CancelOrderRequest.ts';
import type { ChangeOrderReplyInput as _flashsale_v1_ChangeOrderReplyInput, ChangeOrderReply as _flashsale_v1_ChangeOrderReply } from '../../flashsale/v1/ChangeOrderReply.ts';
import type { CreateOrderReplyInput as _flashsale_v1_CreateOrderReplyInput, CreateOrderReply as _flashsale_v1_CreateOrderReply } from '../../flashsale/v1/CreateOrderReply.ts';
import type { CreateOrderRequestInput as _flashsale_v1_CreateOrderRequestInput, CreateOrderRequest as _flashsale_v1_CreateOrderRequest } from '../../flashsale/v1/CreateOrderRequest.ts';
import type { FindLiveOrdersRequestInput as _flashsale_v1_FindLiveOrdersRequestInput, FindLiveOrdersRequest as _flashsale_v1_FindLiveOrdersRequest } from '../../flashsale/v1/FindLiveOrdersRequest.ts';
import type { FindPaymentsReplyInput as _flashsale_v1_FindPaymentsReplyInput, FindPaymentsReply as _flashsale_v1_FindPaymentsReply } from '../../flashsale/v1/FindPaymentsReply.ts';
import type { FindPaymentsRequestInput as _flashsale_v1_FindPaymentsRequestInput, FindPaymentsRequest as _flashsale_v1_FindPaymentsRequest } from '../../flashsale/v1/FindPaymentsRequest.ts';
import type { GetOrdersReplyInput as _flashsale_v1_GetOrdersReplyInput, GetOrdersReply as _flashsale_v1_GetOrdersReply } from '../../flashsale/v1/GetOrdersReply.ts';
import type { GetOrdersRequestInput as _flashsale_v1_GetOrdersRequestInput, GetOrdersRequest as _flashsale_v1_GetOrdersRequest } from '../../flashsale/v1/GetOrdersRequest.ts';
import type { KeepSessionReplyInput as _flashsale_v1_KeepSessionReplyInput, KeepSessionReply as _flashsale_v1_KeepSessionReply } from '../../flashsale/v1/KeepSessionReply.ts';
import type { KeepSessionRequestInput as _flashsale_v1_KeepSessionRequestInput, KeepSessionRequest as _flashsale_v1_KeepSessionRequest } from '../../flashsale/v1/KeepSessionRequest.ts';
import type { ListDeadLettersReplyInput as _flashsale_v1_ListDeadLettersReplyInput, ListDeadLettersReply as _flashsale_v1_ListDeadLettersReply } from '../../flashsale/v1/ListDeadLettersReply.ts';
import type { ListDeadLettersRequestInput as _flashsale_v1_ListDeadLettersRequestInput, ListDeadLettersRequest as _flashsale_v1_ListDeadLettersRequest } from '../../flashsale/v1/ListDeadLettersRequest.ts';
import type { ListDoubtfulPaymentsReplyInput as _flashsale_v1_ListDoubtfulPaymentsReplyInput, ListDoubtfulPaymentsReply as _flashsale_v1_ListDoubtfulPaymentsReply } from '../../flashsale/v1/ListDoubtfulPaymentsReply.ts';
import type { ListDoubtfulPaymentsRequestInput as _flashsale_v1_ListDoubtfulPaymentsRequestInput, ListDoubtfulPaymentsRequest as _flashsale_v1_ListDoubtfulPaymentsRequest } from '../../flashsale/v1/ListDoubtfulPaymentsRequest.ts';
import type { ListManyOrdersReplyInput as _flashsale_v1_ListManyOrdersReplyInput, ListManyOrdersReply as _flashsale_v1_ListManyOrdersReply } from '../../flashsale/v1/ListManyOrdersReply.ts';
import type { ListManyOrdersRequestInput as _flashsale_v1_ListManyOrdersRequestInput, ListManyOrdersRequest as _flashsale_v1_ListManyOrdersRequest } from '../../flashsale/v1/ListManyOrdersRequest.ts';
import type { ListOrdersReplyInput as _flashsale_v1_ListOrdersReplyInput, ListOrdersReply as _flashsale_v1_ListOrdersReply } from '../../flashsale/v1/ListOrdersReply.ts';
import type { ListOrdersRequestInput as _flashsale_v1_ListOrdersRequestInput, ListOrdersRequest as _flashsale_v1_ListOrdersRequest } from '../../flashsale/v1/ListOrdersRequest.ts';
import type { PlaceOrdersReplyInput as _flashsale_v1_PlaceOrdersReplyInput, PlaceOrdersReply as _flashsale_v1_PlaceOrdersReply } from '../../flashsale/v1/PlaceOrdersReply.ts';
import type { PlaceOrdersRequestInput as _flashsale_v1_PlaceOrdersRequestInput, PlaceOrdersRequest as _flashsale_v1_PlaceOrdersRequest } from '../../flashsale/v1/PlaceOrdersRequest.ts';
import type { RecordPaymentReplyInput as _flashsale_v1_RecordPaymentReplyInput, RecordPaymentReply as _flashsale_v1_RecordPaymentReply } from '../../flashsale/v1/RecordPaymentReply.ts';
import type { RecordPaymentRequestInput as _flashsale_v1_RecordPaymentRequestInput, RecordPaymentRequest as _flashsale_v1_RecordPaymentRequest } from '../../flashsale/v1/RecordPaymentRequest.ts';
import type { RecordPaymentsReplyInput as _flashsale_v1_RecordPaymentsReplyInput, RecordPaymentsReply as _flashsale_v1_RecordPaymentsReply } from '../../flashsale/v1/RecordPaymentsReply.ts';
import type { RecordPaymentsRequestInput as _flashsale_v1_RecordPaymentsRequestInput, RecordPaymentsRequest as _flashsale_v1_RecordPaymentsRequest } from '../../flashsale/v1/RecordPaymentsRequest.ts';
import type { RefundOrderRequestInput as _flashsale_v1_RefundOrderRequestInput, RefundOrderRequest as _flashsale_v1_RefundOrderRequest } from '../../flashsale/v1/RefundOrderRequest.ts';
import type { RefundStockReplyInput as _flashsale_v1_RefundStockReplyInput, RefundStockReply as _flashsale_v1_RefundStockReply } from '../../flashsale/v1/RefundStockReply.ts';
import type { RefundStockRequestInput as _flashsale_v1_RefundStockRequestInput, RefundStockRequest as _flashsale_v1_RefundStockRequest } from '../../flashsale/v1/RefundStockRequest.ts';
import type { SearchOrdersReplyInput as _flashsale_v1_SearchOrdersReplyInput, SearchOrdersReply as _flashsale_v1_SearchOrdersReply } from '../../flashsale/v1/SearchOrdersReply.ts';
import type { SearchOrdersRequestInput as _flashsale_v1_SearchOrdersRequestInput, SearchOrdersRequest as _flashsale_v1_SearchOrdersRequest } from '../../flashsale/v1/SearchOrdersRequest.ts';
import type { SettlePaymentReplyInput as _flashsale_v1_SettlePaymentReplyInput, SettlePaymentReply as _flashsale_v1_SettlePaymentReply } from '../../flashsale/v1/SettlePaymentReply.ts';
import type { SettlePaymentRequestInput as _flashsale_v1_SettlePaymentRequestInput, SettlePaymentRequest as _flashsale_v1_SettlePaymentRequest } from '../../flashsale/v1/SettlePaymentRequest.ts';
import type { StartPaymentReplyInput as _flashsale_v1_StartPaymentReplyInput, StartPaymentReply as _flashsale_v1_StartPaymentReply } from '../../flashsale/v1/StartPaymentReply.ts';
import type { StartPaymentRequestInput as _flashsale_v1_StartPaymentRequestInput, StartPaymentRequest as _flashsale_v1_StartPaymentRequest } from '../../flashsale/v1/StartPaymentRequest.ts';
import type { StartPaymentsReplyInput as _flashsale_v1_StartPaymentsReplyInput, StartPaymentsReply as _flashsale_v1_StartPaymentsReply } from '../../flashsale/v1/StartPaymentsReply.ts';
import type { StartPaymentsRequestInput as _flashsale_v1_StartPaymentsRequestInput, StartPaymentsRequest as _flashsale_v1_StartPaymentsRequest } from '../../flashsale/v1/StartPaymentsRequest.ts';

export interface OrderServiceClient extends grpc.Client {
  CancelOrder(argument: _flashsale_v1_CancelOrderRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ChangeOrderReply>): grpc.ClientUnaryCall;
  CancelOrder(argument: _flashsale_v1_CancelOrderRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_ChangeOrderReply>): grpc.ClientUnaryCall;
  CancelOrder(argument: _flashsale_v1_CancelOrderRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ChangeOrderReply>): grpc.ClientUnaryCall;
  CancelOrder(argument: _flashsale_v1_CancelOrderRequestInput, callback: grpc.requestCallback<_flashsale_v1_ChangeOrderReply>): grpc.ClientUnaryCall;
  cancelOrder(argument: _flashsale_v1_CancelOrderRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ChangeOrderReply>): grpc.ClientUnaryCall;
  cancelOrder(argument: _flashsale_v1_CancelOrderRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_ChangeOrderReply>): grpc.ClientUnaryCall;
  cancelOrder(argument: _flashsale_v1_CancelOrderRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ChangeOrderReply>): grpc.ClientUnaryCall;
  cancelOrder(argument: _flashsale_v1_CancelOrderRequestInput, callback: grpc.requestCallback<_flashsale_v1_ChangeOrderReply>): grpc.ClientUnaryCall;
  
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
  
  FindLiveOrders(argument: _flashsale_v1_FindLiveOrdersRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  FindLiveOrders(argument: _flashsale_v1_FindLiveOrdersRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  FindLiveOrders(argument: _flashsale_v1_FindLiveOrdersRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  FindLiveOrders(argument: _flashsale_v1_FindLiveOrdersRequestInput, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  findLiveOrders(argument: _flashsale_v1_FindLiveOrdersRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  findLiveOrders(argument: _flashsale_v1_FindLiveOrdersRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  findLiveOrders(argument: _flashsale_v1_FindLiveOrdersRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  findLiveOrders(argument: _flashsale_v1_FindLiveOrdersRequestInput, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  
  FindPayments(argument: _flashsale_v1_FindPaymentsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_FindPaymentsReply>): grpc.ClientUnaryCall;
  FindPayments(argument: _flashsale_v1_FindPaymentsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_FindPaymentsReply>): grpc.ClientUnaryCall;
  FindPayments(argument: _flashsale_v1_FindPaymentsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_FindPaymentsReply>): grpc.ClientUnaryCall;
  FindPayments(argument: _flashsale_v1_FindPaymentsRequestInput, callback: grpc.requestCallback<_flashsale_v1_FindPaymentsReply>): grpc.ClientUnaryCall;
  findPayments(argument: _flashsale_v1_FindPaymentsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_FindPaymentsReply>): grpc.ClientUnaryCall;
  findPayments(argument: _flashsale_v1_FindPaymentsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_FindPaymentsReply>): grpc.ClientUnaryCall;
  findPayments(argument: _flashsale_v1_FindPaymentsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_FindPaymentsReply>): grpc.ClientUnaryCall;
  findPayments(argument: _flashsale_v1_FindPaymentsRequestInput, callback: grpc.requestCallback<_flashsale_v1_FindPaymentsReply>): grpc.ClientUnaryCall;
  
  GetOrders(argument: _flashsale_v1_GetOrdersRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  GetOrders(argument: _flashsale_v1_GetOrdersRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  GetOrders(argument: _flashsale_v1_GetOrdersRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  GetOrders(argument: _flashsale_v1_GetOrdersRequestInput, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  getOrders(argument: _flashsale_v1_GetOrdersRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  getOrders(argument: _flashsale_v1_GetOrdersRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  getOrders(argument: _flashsale_v1_GetOrdersRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  getOrders(argument: _flashsale_v1_GetOrdersRequestInput, callback: grpc.requestCallback<_flashsale_v1_GetOrdersReply>): grpc.ClientUnaryCall;
  
  KeepSession(argument: _flashsale_v1_KeepSessionRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_KeepSessionReply>): grpc.ClientUnaryCall;
  KeepSession(argument: _flashsale_v1_KeepSessionRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_KeepSessionReply>): grpc.ClientUnaryCall;
  KeepSession(argument: _flashsale_v1_KeepSessionRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_KeepSessionReply>): grpc.ClientUnaryCall;
  KeepSession(argument: _flashsale_v1_KeepSessionRequestInput, callback: grpc.requestCallback<_flashsale_v1_KeepSessionReply>): grpc.ClientUnaryCall;
  keepSession(argument: _flashsale_v1_KeepSessionRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_KeepSessionReply>): grpc.ClientUnaryCall;
  keepSession(argument: _flashsale_v1_KeepSessionRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_KeepSessionReply>): grpc.ClientUnaryCall;
  keepSession(argument: _flashsale_v1_KeepSessionRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_KeepSessionReply>): grpc.ClientUnaryCall;
  keepSession(argument: _flashsale_v1_KeepSessionRequestInput, callback: grpc.requestCallback<_flashsale_v1_KeepSessionReply>): grpc.ClientUnaryCall;
  
  ListDeadLetters(argument: _flashsale_v1_ListDeadLettersRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListDeadLettersReply>): grpc.ClientUnaryCall;
  ListDeadLetters(argument: _flashsale_v1_ListDeadLettersRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_ListDeadLettersReply>): grpc.ClientUnaryCall;
  ListDeadLetters(argument: _flashsale_v1_ListDeadLettersRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListDeadLettersReply>): grpc.ClientUnaryCall;
  ListDeadLetters(argument: _flashsale_v1_ListDeadLettersRequestInput, callback: grpc.requestCallback<_flashsale_v1_ListDeadLettersReply>): grpc.ClientUnaryCall;
  listDeadLetters(argument: _flashsale_v1_ListDeadLettersRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListDeadLettersReply>): grpc.ClientUnaryCall;
  listDeadLetters(argument: _flashsale_v1_ListDeadLettersRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_ListDeadLettersReply>): grpc.ClientUnaryCall;
  listDeadLetters(argument: _flashsale_v1_ListDeadLettersRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListDeadLettersReply>): grpc.ClientUnaryCall;
  listDeadLetters(argument: _flashsale_v1_ListDeadLettersRequestInput, callback: grpc.requestCallback<_flashsale_v1_ListDeadLettersReply>): grpc.ClientUnaryCall;
  
  ListDoubtfulPayments(argument: _flashsale_v1_ListDoubtfulPaymentsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListDoubtfulPaymentsReply>): grpc.ClientUnaryCall;
  ListDoubtfulPayments(argument: _flashsale_v1_ListDoubtfulPaymentsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_ListDoubtfulPaymentsReply>): grpc.ClientUnaryCall;
  ListDoubtfulPayments(argument: _flashsale_v1_ListDoubtfulPaymentsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListDoubtfulPaymentsReply>): grpc.ClientUnaryCall;
  ListDoubtfulPayments(argument: _flashsale_v1_ListDoubtfulPaymentsRequestInput, callback: grpc.requestCallback<_flashsale_v1_ListDoubtfulPaymentsReply>): grpc.ClientUnaryCall;
  listDoubtfulPayments(argument: _flashsale_v1_ListDoubtfulPaymentsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListDoubtfulPaymentsReply>): grpc.ClientUnaryCall;
  listDoubtfulPayments(argument: _flashsale_v1_ListDoubtfulPaymentsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_ListDoubtfulPaymentsReply>): grpc.ClientUnaryCall;
  listDoubtfulPayments(argument: _flashsale_v1_ListDoubtfulPaymentsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListDoubtfulPaymentsReply>): grpc.ClientUnaryCall;
  listDoubtfulPayments(argument: _flashsale_v1_ListDoubtfulPaymentsRequestInput, callback: grpc.requestCallback<_flashsale_v1_ListDoubtfulPaymentsReply>): grpc.ClientUnaryCall;
  
  ListManyOrders(argument: _flashsale_v1_ListManyOrdersRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListManyOrdersReply>): grpc.ClientUnaryCall;
  ListManyOrders(argument: _flashsale_v1_ListManyOrdersRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_ListManyOrdersReply>): grpc.ClientUnaryCall;
  ListManyOrders(argument: _flashsale_v1_ListManyOrdersRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListManyOrdersReply>): grpc.ClientUnaryCall;
  ListManyOrders(argument: _flashsale_v1_ListManyOrdersRequestInput, callback: grpc.requestCallback<_flashsale_v1_ListManyOrdersReply>): grpc.ClientUnaryCall;
  listManyOrders(argument: _flashsale_v1_ListManyOrdersRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListManyOrdersReply>): grpc.ClientUnaryCall;
  listManyOrders(argument: _flashsale_v1_ListManyOrdersRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_ListManyOrdersReply>): grpc.ClientUnaryCall;
  listManyOrders(argument: _flashsale_v1_ListManyOrdersRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListManyOrdersReply>): grpc.ClientUnaryCall;
  listManyOrders(argument: _flashsale_v1_ListManyOrdersRequestInput, callback: grpc.requestCallback<_flashsale_v1_ListManyOrdersReply>): grpc.ClientUnaryCall;
  
  ListOrders(argument: _flashsale_v1_ListOrdersRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListOrdersReply>): grpc.ClientUnaryCall;
  ListOrders(argument: _flashsale_v1_ListOrdersRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_ListOrdersReply>): grpc.ClientUnaryCall;
  ListOrders(argument: _flashsale_v1_ListOrdersRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListOrdersReply>): grpc.ClientUnaryCall;
  ListOrders(argument: _flashsale_v1_ListOrdersRequestInput, callback: grpc.requestCallback<_flashsale_v1_ListOrdersReply>): grpc.ClientUnaryCall;
  listOrders(argument: _flashsale_v1_ListOrdersRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListOrdersReply>): grpc.ClientUnaryCall;
  listOrders(argument: _flashsale_v1_ListOrdersRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_ListOrdersReply>): grpc.ClientUnaryCall;
  listOrders(argument: _flashsale_v1_ListOrdersRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListOrdersReply>): grpc.ClientUnaryCall;
  listOrders(argument: _flashsale_v1_ListOrdersRequestInput, callback: grpc.requestCallback<_flashsale_v1_ListOrdersReply>): grpc.ClientUnaryCall;
  
  PlaceOrders(argument: _flashsale_v1_PlaceOrdersRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_PlaceOrdersReply>): grpc.ClientUnaryCall;
  PlaceOrders(argument: _flashsale_v1_PlaceOrdersRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_PlaceOrdersReply>): grpc.ClientUnaryCall;
  PlaceOrders(argument: _flashsale_v1_PlaceOrdersRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_PlaceOrdersReply>): grpc.ClientUnaryCall;
  PlaceOrders(argument: _flashsale_v1_PlaceOrdersRequestInput, callback: grpc.requestCallback<_flashsale_v1_PlaceOrdersReply>): grpc.ClientUnaryCall;
  placeOrders(argument: _flashsale_v1_PlaceOrdersRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_PlaceOrdersReply>): grpc.ClientUnaryCall;
  placeOrders(argument: _flashsale_v1_PlaceOrdersRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_PlaceOrdersReply>): grpc.ClientUnaryCall;
  placeOrders(argument: _flashsale_v1_PlaceOrdersRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_PlaceOrdersReply>): grpc.ClientUnaryCall;
  placeOrders(argument: _flashsale_v1_PlaceOrdersRequestInput, callback: grpc.requestCallback<_flashsale_v1_PlaceOrdersReply>): grpc.ClientUnaryCall;
  
  RecordPayment(argument: _flashsale_v1_RecordPaymentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RecordPaymentReply>): grpc.ClientUnaryCall;
  RecordPayment(argument: _flashsale_v1_RecordPaymentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_RecordPaymentReply>): grpc.ClientUnaryCall;
  RecordPayment(argument: _flashsale_v1_RecordPaymentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RecordPaymentReply>): grpc.ClientUnaryCall;
  RecordPayment(argument: _flashsale_v1_RecordPaymentRequestInput, callback: grpc.requestCallback<_flashsale_v1_RecordPaymentReply>): grpc.ClientUnaryCall;
  recordPayment(argument: _flashsale_v1_RecordPaymentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RecordPaymentReply>): grpc.ClientUnaryCall;
  recordPayment(argument: _flashsale_v1_RecordPaymentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_RecordPaymentReply>): grpc.ClientUnaryCall;
  recordPayment(argument: _flashsale_v1_RecordPaymentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RecordPaymentReply>): grpc.ClientUnaryCall;
  recordPayment(argument: _flashsale_v1_RecordPaymentRequestInput, callback: grpc.requestCallback<_flashsale_v1_RecordPaymentReply>): grpc.ClientUnaryCall;
  
  RecordPayments(argument: _flashsale_v1_RecordPaymentsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RecordPaymentsReply>): grpc.ClientUnaryCall;
  RecordPayments(argument: _flashsale_v1_RecordPaymentsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_RecordPaymentsReply>): grpc.ClientUnaryCall;
  RecordPayments(argument: _flashsale_v1_RecordPaymentsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RecordPaymentsReply>): grpc.ClientUnaryCall;
  RecordPayments(argument: _flashsale_v1_RecordPaymentsRequestInput, callback: grpc.requestCallback<_flashsale_v1_RecordPaymentsReply>): grpc.ClientUnaryCall;
  recordPayments(argument: _flashsale_v1_RecordPaymentsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RecordPaymentsReply>): grpc.ClientUnaryCall;
  recordPayments(argument: _flashsale_v1_RecordPaymentsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_RecordPaymentsReply>): grpc.ClientUnaryCall;
  recordPayments(argument: _flashsale_v1_RecordPaymentsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RecordPaymentsReply>): grpc.ClientUnaryCall;
  recordPayments(argument: _flashsale_v1_RecordPaymentsRequestInput, callback: grpc.requestCallback<_flashsale_v1_RecordPaymentsReply>): grpc.ClientUnaryCall;
  
  RefundOrder(argument: _flashsale_v1_RefundOrderRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ChangeOrderReply>): grpc.ClientUnaryCall;
  RefundOrder(argument: _flashsale_v1_RefundOrderRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_ChangeOrderReply>): grpc.ClientUnaryCall;
  RefundOrder(argument: _flashsale_v1_RefundOrderRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ChangeOrderReply>): grpc.ClientUnaryCall;
  RefundOrder(argument: _flashsale_v1_RefundOrderRequestInput, callback: grpc.requestCallback<_flashsale_v1_ChangeOrderReply>): grpc.ClientUnaryCall;
  refundOrder(argument: _flashsale_v1_RefundOrderRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ChangeOrderReply>): grpc.ClientUnaryCall;
  refundOrder(argument: _flashsale_v1_RefundOrderRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_ChangeOrderReply>): grpc.ClientUnaryCall;
  refundOrder(argument: _flashsale_v1_RefundOrderRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ChangeOrderReply>): grpc.ClientUnaryCall;
  refundOrder(argument: _flashsale_v1_RefundOrderRequestInput, callback: grpc.requestCallback<_flashsale_v1_ChangeOrderReply>): grpc.ClientUnaryCall;
  
  RefundStock(argument: _flashsale_v1_RefundStockRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RefundStockReply>): grpc.ClientUnaryCall;
  RefundStock(argument: _flashsale_v1_RefundStockRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_RefundStockReply>): grpc.ClientUnaryCall;
  RefundStock(argument: _flashsale_v1_RefundStockRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RefundStockReply>): grpc.ClientUnaryCall;
  RefundStock(argument: _flashsale_v1_RefundStockRequestInput, callback: grpc.requestCallback<_flashsale_v1_RefundStockReply>): grpc.ClientUnaryCall;
  refundStock(argument: _flashsale_v1_RefundStockRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RefundStockReply>): grpc.ClientUnaryCall;
  refundStock(argument: _flashsale_v1_RefundStockRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_RefundStockReply>): grpc.ClientUnaryCall;
  refundStock(argument: _flashsale_v1_RefundStockRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RefundStockReply>): grpc.ClientUnaryCall;
  refundStock(argument: _flashsale_v1_RefundStockRequestInput, callback: grpc.requestCallback<_flashsale_v1_RefundStockReply>): grpc.ClientUnaryCall;
  
  SearchOrders(argument: _flashsale_v1_SearchOrdersRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_SearchOrdersReply>): grpc.ClientUnaryCall;
  SearchOrders(argument: _flashsale_v1_SearchOrdersRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_SearchOrdersReply>): grpc.ClientUnaryCall;
  SearchOrders(argument: _flashsale_v1_SearchOrdersRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_SearchOrdersReply>): grpc.ClientUnaryCall;
  SearchOrders(argument: _flashsale_v1_SearchOrdersRequestInput, callback: grpc.requestCallback<_flashsale_v1_SearchOrdersReply>): grpc.ClientUnaryCall;
  searchOrders(argument: _flashsale_v1_SearchOrdersRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_SearchOrdersReply>): grpc.ClientUnaryCall;
  searchOrders(argument: _flashsale_v1_SearchOrdersRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_SearchOrdersReply>): grpc.ClientUnaryCall;
  searchOrders(argument: _flashsale_v1_SearchOrdersRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_SearchOrdersReply>): grpc.ClientUnaryCall;
  searchOrders(argument: _flashsale_v1_SearchOrdersRequestInput, callback: grpc.requestCallback<_flashsale_v1_SearchOrdersReply>): grpc.ClientUnaryCall;
  
  SettlePayment(argument: _flashsale_v1_SettlePaymentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_SettlePaymentReply>): grpc.ClientUnaryCall;
  SettlePayment(argument: _flashsale_v1_SettlePaymentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_SettlePaymentReply>): grpc.ClientUnaryCall;
  SettlePayment(argument: _flashsale_v1_SettlePaymentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_SettlePaymentReply>): grpc.ClientUnaryCall;
  SettlePayment(argument: _flashsale_v1_SettlePaymentRequestInput, callback: grpc.requestCallback<_flashsale_v1_SettlePaymentReply>): grpc.ClientUnaryCall;
  settlePayment(argument: _flashsale_v1_SettlePaymentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_SettlePaymentReply>): grpc.ClientUnaryCall;
  settlePayment(argument: _flashsale_v1_SettlePaymentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_SettlePaymentReply>): grpc.ClientUnaryCall;
  settlePayment(argument: _flashsale_v1_SettlePaymentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_SettlePaymentReply>): grpc.ClientUnaryCall;
  settlePayment(argument: _flashsale_v1_SettlePaymentRequestInput, callback: grpc.requestCallback<_flashsale_v1_SettlePaymentReply>): grpc.ClientUnaryCall;
  
  StartPayment(argument: _flashsale_v1_StartPaymentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_StartPaymentReply>): grpc.ClientUnaryCall;
  StartPayment(argument: _flashsale_v1_StartPaymentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_StartPaymentReply>): grpc.ClientUnaryCall;
  StartPayment(argument: _flashsale_v1_StartPaymentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_StartPaymentReply>): grpc.ClientUnaryCall;
  StartPayment(argument: _flashsale_v1_StartPaymentRequestInput, callback: grpc.requestCallback<_flashsale_v1_StartPaymentReply>): grpc.ClientUnaryCall;
  startPayment(argument: _flashsale_v1_StartPaymentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_StartPaymentReply>): grpc.ClientUnaryCall;
  startPayment(argument: _flashsale_v1_StartPaymentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_StartPaymentReply>): grpc.ClientUnaryCall;
  startPayment(argument: _flashsale_v1_StartPaymentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_StartPaymentReply>): grpc.ClientUnaryCall;
  startPayment(argument: _flashsale_v1_StartPaymentRequestInput, callback: grpc.requestCallback<_flashsale_v1_StartPaymentReply>): grpc.ClientUnaryCall;
  
  StartPayments(argument: _flashsale_v1_StartPaymentsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_StartPaymentsReply>): grpc.ClientUnaryCall;
  StartPayments(argument: _flashsale_v1_StartPaymentsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_StartPaymentsReply>): grpc.ClientUnaryCall;
  StartPayments(argument: _flashsale_v1_StartPaymentsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_StartPaymentsReply>): grpc.ClientUnaryCall;
  StartPayments(argument: _flashsale_v1_StartPaymentsRequestInput, callback: grpc.requestCallback<_flashsale_v1_StartPaymentsReply>): grpc.ClientUnaryCall;
  startPayments(argument: _flashsale_v1_StartPaymentsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_StartPaymentsReply>): grpc.ClientUnaryCall;
  startPayments(argument: _flashsale_v1_StartPaymentsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_StartPaymentsReply>): grpc.ClientUnaryCall;
  startPayments(argument: _flashsale_v1_StartPaymentsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_StartPaymentsReply>): grpc.ClientUnaryCall;
  startPayments(argument: _flashsale_v1_StartPaymentsRequestInput, callback: grpc.requestCallback<_flashsale_v1_StartPaymentsReply>): grpc.ClientUnaryCall;
  
}

export interface OrderServiceHandlers extends grpc.UntypedServiceImplementation {
  CancelOrder: grpc.handleUnaryCall<_flashsale_v1_CancelOrderRequest, _flashsale_v1_ChangeOrderReplyInput>;
  
  CreateOptimisticOrder: grpc.handleUnaryCall<_flashsale_v1_CreateOrderRequest, _flashsale_v1_CreateOrderReplyInput>;
  
  CreateOptimisticOrderUseRedis: grpc.handleUnaryCall<_flashsale_v1_CreateOrderRequest, _flashsale_v1_CreateOrderReplyInput>;
  
  CreateOptimisticOrderUseRedisAndKafka: grpc.handleUnaryCall<_flashsale_v1_CreateOrderRequest, _flashsale_v1_CreateOrderReplyInput>;
  
  CreatePessimisticOrder: grpc.handleUnaryCall<_flashsale_v1_CreateOrderRequest, _flashsale_v1_CreateOrderReplyInput>;
  
  CreateWrongOrder: grpc.handleUnaryCall<_flashsale_v1_CreateOrderRequest, _flashsale_v1_CreateOrderReplyInput>;
  
  FindLiveOrders: grpc.handleUnaryCall<_flashsale_v1_FindLiveOrdersRequest, _flashsale_v1_GetOrdersReplyInput>;
  
  FindPayments: grpc.handleUnaryCall<_flashsale_v1_FindPaymentsRequest, _flashsale_v1_FindPaymentsReplyInput>;
  
  GetOrders: grpc.handleUnaryCall<_flashsale_v1_GetOrdersRequest, _flashsale_v1_GetOrdersReplyInput>;
  
  KeepSession: grpc.handleUnaryCall<_flashsale_v1_KeepSessionRequest, _flashsale_v1_KeepSessionReplyInput>;
  
  ListDeadLetters: grpc.handleUnaryCall<_flashsale_v1_ListDeadLettersRequest, _flashsale_v1_ListDeadLettersReplyInput>;
  
  ListDoubtfulPayments: grpc.handleUnaryCall<_flashsale_v1_ListDoubtfulPaymentsRequest, _flashsale_v1_ListDoubtfulPaymentsReplyInput>;
  
  ListManyOrders: grpc.handleUnaryCall<_flashsale_v1_ListManyOrdersRequest, _flashsale_v1_ListManyOrdersReplyInput>;
  
  ListOrders: grpc.handleUnaryCall<_flashsale_v1_ListOrdersRequest, _flashsale_v1_ListOrdersReplyInput>;
  
  PlaceOrders: grpc.handleUnaryCall<_flashsale_v1_PlaceOrdersRequest, _flashsale_v1_PlaceOrdersReplyInput>;
  
  RecordPayment: grpc.handleUnaryCall<_flashsale_v1_RecordPaymentRequest, _flashsale_v1_RecordPaymentReplyInput>;
  
  RecordPayments: grpc.handleUnaryCall<_flashsale_v1_RecordPaymentsRequest, _flashsale_v1_RecordPaymentsReplyInput>;
  
  RefundOrder: grpc.handleUnaryCall<_flashsale_v1_RefundOrderRequest, _flashsale_v1_ChangeOrderReplyInput>;
  
  RefundStock: grpc.handleUnaryCall<_flashsale_v1_RefundStockRequest, _flashsale_v1_RefundStockReplyInput>;
  
  SearchOrders: grpc.handleUnaryCall<_flashsale_v1_SearchOrdersRequest, _flashsale_v1_SearchOrdersReplyInput>;
  
  SettlePayment: grpc.handleUnaryCall<_flashsale_v1_SettlePaymentRequest, _flashsale_v1_SettlePaymentReplyInput>;
  
  StartPayment: grpc.handleUnaryCall<_flashsale_v1_StartPaymentRequest, _flashsale_v1_StartPaymentReplyInput>;
  
  StartPayments: grpc.handleUnaryCall<_flashsale_v1_StartPaymentsRequest, _flashsale_v1_StartPaymentsReplyInput>;
  
}

export interface OrderServiceDefinition extends grpc.ServiceDefinition {
  CancelOrder: MethodDefinition<_flashsale_v1_CancelOrderRequestInput, _flashsale_v1_ChangeOrderReplyInput, _flashsale_v1_CancelOrderRequest, _flashsale_v1_ChangeOrderReply>
  CreateOptimisticOrder: MethodDefinition<_flashsale_v1_CreateOrderRequestInput, _flashsale_v1_CreateOrderReplyInput, _flashsale_v1_CreateOrderRequest, _flashsale_v1_CreateOrderReply>
  CreateOptimisticOrderUseRedis: MethodDefinition<_flashsale_v1_CreateOrderRequestInput, _flashsale_v1_CreateOrderReplyInput, _flashsale_v1_CreateOrderRequest, _flashsale_v1_CreateOrderReply>
  CreateOptimisticOrderUseRedisAndKafka: MethodDefinition<_flashsale_v1_CreateOrderRequestInput, _flashsale_v1_CreateOrderReplyInput, _flashsale_v1_CreateOrderRequest, _flashsale_v1_CreateOrderReply>
  CreatePessimisticOrder: MethodDefinition<_flashsale_v1_CreateOrderRequestInput, _flashsale_v1_CreateOrderReplyInput, _flashsale_v1_CreateOrderRequest, _flashsale_v1_CreateOrderReply>
  CreateWrongOrder: MethodDefinition<_flashsale_v1_CreateOrderRequestInput, _flashsale_v1_CreateOrderReplyInput, _flashsale_v1_CreateOrderRequest, _flashsale_v1_CreateOrderReply>
  FindLiveOrders: MethodDefinition<_flashsale_v1_FindLiveOrdersRequestInput, _flashsale_v1_GetOrdersReplyInput, _flashsale_v1_FindLiveOrdersRequest, _flashsale_v1_GetOrdersReply>
  FindPayments: MethodDefinition<_flashsale_v1_FindPaymentsRequestInput, _flashsale_v1_FindPaymentsReplyInput, _flashsale_v1_FindPaymentsRequest, _flashsale_v1_FindPaymentsReply>
  GetOrders: MethodDefinition<_flashsale_v1_GetOrdersRequestInput, _flashsale_v1_GetOrdersReplyInput, _flashsale_v1_GetOrdersRequest, _flashsale_v1_GetOrdersReply>
  KeepSession: MethodDefinition<_flashsale_v1_KeepSessionRequestInput, _flashsale_v1_KeepSessionReplyInput, _flashsale_v1_KeepSessionRequest, _flashsale_v1_KeepSessionReply>
  ListDeadLetters: MethodDefinition<_flashsale_v1_ListDeadLettersRequestInput, _flashsale_v1_ListDeadLettersReplyInput, _flashsale_v1_ListDeadLettersRequest, _flashsale_v1_ListDeadLettersReply>
  ListDoubtfulPayments: MethodDefinition<_flashsale_v1_ListDoubtfulPaymentsRequestInput, _flashsale_v1_ListDoubtfulPaymentsReplyInput, _flashsale_v1_ListDoubtfulPaymentsRequest, _flashsale_v1_ListDoubtfulPaymentsReply>
  ListManyOrders: MethodDefinition<_flashsale_v1_ListManyOrdersRequestInput, _flashsale_v1_ListManyOrdersReplyInput, _flashsale_v1_ListManyOrdersRequest, _flashsale_v1_ListManyOrdersReply>
  ListOrders: MethodDefinition<_flashsale_v1_ListOrdersRequestInput, _flashsale_v1_ListOrdersReplyInput, _flashsale_v1_ListOrdersRequest, _flashsale_v1_ListOrdersReply>
  PlaceOrders: MethodDefinition<_flashsale_v1_PlaceOrdersRequestInput, _flashsale_v1_PlaceOrdersReplyInput, _flashsale_v1_PlaceOrdersRequest, _flashsale_v1_PlaceOrdersReply>
  RecordPayment: MethodDefinition<_flashsale_v1_RecordPaymentRequestInput, _flashsale_v1_RecordPaymentReplyInput, _flashsale_v1_RecordPaymentRequest, _flashsale_v1_RecordPaymentReply>
  RecordPayments: MethodDefinition<_flashsale_v1_RecordPaymentsRequestInput, _flashsale_v1_RecordPaymentsReplyInput, _flashsale_v1_RecordPaymentsRequest, _flashsale_v1_RecordPaymentsReply>
  RefundOrder: MethodDefinition<_flashsale_v1_RefundOrderRequestInput, _flashsale_v1_ChangeOrderReplyInput, _flashsale_v1_RefundOrderRequest, _flashsale_v1_ChangeOrderReply>
  RefundStock: MethodDefinition<_flashsale_v1_RefundStockRequestInput, _flashsale_v1_RefundStockReplyInput, _flashsale_v1_RefundStockRequest, _flashsale_v1_RefundStockReply>
  SearchOrders: MethodDefinition<_flashsale_v1_SearchOrdersRequestInput, _flashsale_v1_SearchOrdersReplyInput, _flashsale_v1_SearchOrdersRequest, _flashsale_v1_SearchOrdersReply>
  SettlePayment: MethodDefinition<_flashsale_v1_SettlePaymentRequestInput, _flashsale_v1_SettlePaymentReplyInput, _flashsale_v1_SettlePaymentRequest, _flashsale_v1_SettlePaymentReply>
  StartPayment: MethodDefinition<_flashsale_v1_StartPaymentRequestInput, _flashsale_v1_StartPaymentReplyInput, _flashsale_v1_StartPaymentRequest, _flashsale_v1_StartPaymentReply>
  StartPayments: MethodDefinition<_flashsale_v1_StartPaymentsRequestInput, _flashsale_v1_StartPaymentsReplyInput, _flashsale_v1_StartPaymentsRequest, _flashsale_v1_StartPaymentsReply>
}
