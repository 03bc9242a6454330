import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { ActorInput as _flashsale_v1_ActorInput, Actor as _flashsale_v1_Actor } from './flashsale/v1/Actor.ts';
import type { BuyerOfStockInput as _flashsale_v1_BuyerOfStockInput, BuyerOfStock as _flashsale_v1_BuyerOfStock } from './flashsale/v1/BuyerOfStock.ts';
import type { CancelOrderRequestInput as _flashsale_v1_CancelOrderRequestInput, CancelOrderRequest as _flashsale_v1_CancelOrderRequest } from './flashsale/v1/CancelOrderRequest.ts';
import type { ChangeOrderReplyInput as _flashsale_v1_ChangeOrderReplyInput, ChangeOrderReply as _flashsale_v1_ChangeOrderReply } from './flashsale/v1/ChangeOrderReply.ts';
import type { CreateOrderReplyInput as _flashsale_v1_CreateOrderReplyInput, CreateOrderReply as _flashsale_v1_CreateOrderReply } from './flashsale/v1/CreateOrderReply.ts';
import type { CreateOrderRequestInput as _flashsale_v1_CreateOrderRequestInput, CreateOrderRequest as _flashsale_v1_CreateOrderRequest } from './flashsale/v1/CreateOrderRequest.ts';
import type { DeadLetterInput as _flashsale_v1_DeadLetterInput, DeadLetter as _flashsale_v1_DeadLetter } from './flashsale/v1/DeadLetter.ts';
import type { DecidedOrderInput as _flashsale_v1_DecidedOrderInput, DecidedOrder as _flashsale_v1_DecidedOrder } from './flashsale/v1/DecidedOrder.ts';
import type { DoubtfulPaymentInput as _flashsale_v1_DoubtfulPaymentInput, DoubtfulPayment as _flashsale_v1_DoubtfulPayment } from './flashsale/v1/DoubtfulPayment.ts';
import type { FindLiveOrdersRequestInput as _flashsale_v1_FindLiveOrdersRequestInput, FindLiveOrdersRequest as _flashsale_v1_FindLiveOrdersRequest } from './flashsale/v1/FindLiveOrdersRequest.ts';
import type { FindPaymentsReplyInput as _flashsale_v1_FindPaymentsReplyInput, FindPaymentsReply as _flashsale_v1_FindPaymentsReply } from './flashsale/v1/FindPaymentsReply.ts';
import type { FindPaymentsRequestInput as _flashsale_v1_FindPaymentsRequestInput, FindPaymentsRequest as _flashsale_v1_FindPaymentsRequest } from './flashsale/v1/FindPaymentsRequest.ts';
import type { GetOrdersReplyInput as _flashsale_v1_GetOrdersReplyInput, GetOrdersReply as _flashsale_v1_GetOrdersReply } from './flashsale/v1/GetOrdersReply.ts';
import type { GetOrdersRequestInput as _flashsale_v1_GetOrdersRequestInput, GetOrdersRequest as _flashsale_v1_GetOrdersRequest } from './flashsale/v1/GetOrdersRequest.ts';
import type { IdempotentRequestInput as _flashsale_v1_IdempotentRequestInput, IdempotentRequest as _flashsale_v1_IdempotentRequest } from './flashsale/v1/IdempotentRequest.ts';
import type { ItemFaultInput as _flashsale_v1_ItemFaultInput, ItemFault as _flashsale_v1_ItemFault } from './flashsale/v1/ItemFault.ts';
import type { KeepSessionReplyInput as _flashsale_v1_KeepSessionReplyInput, KeepSessionReply as _flashsale_v1_KeepSessionReply } from './flashsale/v1/KeepSessionReply.ts';
import type { KeepSessionRequestInput as _flashsale_v1_KeepSessionRequestInput, KeepSessionRequest as _flashsale_v1_KeepSessionRequest } from './flashsale/v1/KeepSessionRequest.ts';
import type { ListDeadLettersReplyInput as _flashsale_v1_ListDeadLettersReplyInput, ListDeadLettersReply as _flashsale_v1_ListDeadLettersReply } from './flashsale/v1/ListDeadLettersReply.ts';
import type { ListDeadLettersRequestInput as _flashsale_v1_ListDeadLettersRequestInput, ListDeadLettersRequest as _flashsale_v1_ListDeadLettersRequest } from './flashsale/v1/ListDeadLettersRequest.ts';
import type { ListDoubtfulPaymentsReplyInput as _flashsale_v1_ListDoubtfulPaymentsReplyInput, ListDoubtfulPaymentsReply as _flashsale_v1_ListDoubtfulPaymentsReply } from './flashsale/v1/ListDoubtfulPaymentsReply.ts';
import type { ListDoubtfulPaymentsRequestInput as _flashsale_v1_ListDoubtfulPaymentsRequestInput, ListDoubtfulPaymentsRequest as _flashsale_v1_ListDoubtfulPaymentsRequest } from './flashsale/v1/ListDoubtfulPaymentsRequest.ts';
import type { ListManyOrdersReplyInput as _flashsale_v1_ListManyOrdersReplyInput, ListManyOrdersReply as _flashsale_v1_ListManyOrdersReply } from './flashsale/v1/ListManyOrdersReply.ts';
import type { ListManyOrdersRequestInput as _flashsale_v1_ListManyOrdersRequestInput, ListManyOrdersRequest as _flashsale_v1_ListManyOrdersRequest } from './flashsale/v1/ListManyOrdersRequest.ts';
import type { ListOrdersReplyInput as _flashsale_v1_ListOrdersReplyInput, ListOrdersReply as _flashsale_v1_ListOrdersReply } from './flashsale/v1/ListOrdersReply.ts';
import type { ListOrdersRequestInput as _flashsale_v1_ListOrdersRequestInput, ListOrdersRequest as _flashsale_v1_ListOrdersRequest } from './flashsale/v1/ListOrdersRequest.ts';
import type { OrderInput as _flashsale_v1_OrderInput, Order as _flashsale_v1_Order } from './flashsale/v1/Order.ts';
import type { OrderPaymentInput as _flashsale_v1_OrderPaymentInput, OrderPayment as _flashsale_v1_OrderPayment } from './flashsale/v1/OrderPayment.ts';
import type { OrderRequestInput as _flashsale_v1_OrderRequestInput, OrderRequest as _flashsale_v1_OrderRequest } from './flashsale/v1/OrderRequest.ts';
import type { OrderServiceClient as _flashsale_v1_OrderServiceClient, OrderServiceDefinition as _flashsale_v1_OrderServiceDefinition } from './flashsale/v1/OrderService.ts';
import type { PaymentsOfOrderInput as _flashsale_v1_PaymentsOfOrderInput, PaymentsOfOrder as _flashsale_v1_PaymentsOfOrder } from './flashsale/v1/PaymentsOfOrder.ts';
import type { PlaceOrdersReplyInput as _flashsale_v1_PlaceOrdersReplyInput, PlaceOrdersReply as _flashsale_v1_PlaceOrdersReply } from './flashsale/v1/PlaceOrdersReply.ts';
import type { PlaceOrdersRequestInput as _flashsale_v1_PlaceOrdersRequestInput, PlaceOrdersRequest as _flashsale_v1_PlaceOrdersRequest } from './flashsale/v1/PlaceOrdersRequest.ts';
import type { PlacedOrderInput as _flashsale_v1_PlacedOrderInput, PlacedOrder as _flashsale_v1_PlacedOrder } from './flashsale/v1/PlacedOrder.ts';
import type { RecordPaymentReplyInput as _flashsale_v1_RecordPaymentReplyInput, RecordPaymentReply as _flashsale_v1_RecordPaymentReply } from './flashsale/v1/RecordPaymentReply.ts';
import type { RecordPaymentRequestInput as _flashsale_v1_RecordPaymentRequestInput, RecordPaymentRequest as _flashsale_v1_RecordPaymentRequest } from './flashsale/v1/RecordPaymentRequest.ts';
import type { RecordPaymentResultInput as _flashsale_v1_RecordPaymentResultInput, RecordPaymentResult as _flashsale_v1_RecordPaymentResult } from './flashsale/v1/RecordPaymentResult.ts';
import type { RecordPaymentsReplyInput as _flashsale_v1_RecordPaymentsReplyInput, RecordPaymentsReply as _flashsale_v1_RecordPaymentsReply } from './flashsale/v1/RecordPaymentsReply.ts';
import type { RecordPaymentsRequestInput as _flashsale_v1_RecordPaymentsRequestInput, RecordPaymentsRequest as _flashsale_v1_RecordPaymentsRequest } from './flashsale/v1/RecordPaymentsRequest.ts';
import type { RefundFailureInput as _flashsale_v1_RefundFailureInput, RefundFailure as _flashsale_v1_RefundFailure } from './flashsale/v1/RefundFailure.ts';
import type { RefundOrderRequestInput as _flashsale_v1_RefundOrderRequestInput, RefundOrderRequest as _flashsale_v1_RefundOrderRequest } from './flashsale/v1/RefundOrderRequest.ts';
import type { RefundStockReplyInput as _flashsale_v1_RefundStockReplyInput, RefundStockReply as _flashsale_v1_RefundStockReply } from './flashsale/v1/RefundStockReply.ts';
import type { RefundStockRequestInput as _flashsale_v1_RefundStockRequestInput, RefundStockRequest as _flashsale_v1_RefundStockRequest } from './flashsale/v1/RefundStockRequest.ts';
import type { SearchOrdersReplyInput as _flashsale_v1_SearchOrdersReplyInput, SearchOrdersReply as _flashsale_v1_SearchOrdersReply } from './flashsale/v1/SearchOrdersReply.ts';
import type { SearchOrdersRequestInput as _flashsale_v1_SearchOrdersRequestInput, SearchOrdersRequest as _flashsale_v1_SearchOrdersRequest } from './flashsale/v1/SearchOrdersRequest.ts';
import type { SettlePaymentReplyInput as _flashsale_v1_SettlePaymentReplyInput, SettlePaymentReply as _flashsale_v1_SettlePaymentReply } from './flashsale/v1/SettlePaymentReply.ts';
import type { SettlePaymentRequestInput as _flashsale_v1_SettlePaymentRequestInput, SettlePaymentRequest as _flashsale_v1_SettlePaymentRequest } from './flashsale/v1/SettlePaymentRequest.ts';
import type { StartPaymentReplyInput as _flashsale_v1_StartPaymentReplyInput, StartPaymentReply as _flashsale_v1_StartPaymentReply } from './flashsale/v1/StartPaymentReply.ts';
import type { StartPaymentRequestInput as _flashsale_v1_StartPaymentRequestInput, StartPaymentRequest as _flashsale_v1_StartPaymentRequest } from './flashsale/v1/StartPaymentRequest.ts';
import type { StartPaymentResultInput as _flashsale_v1_StartPaymentResultInput, StartPaymentResult as _flashsale_v1_StartPaymentResult } from './flashsale/v1/StartPaymentResult.ts';
import type { StartPaymentsReplyInput as _flashsale_v1_StartPaymentsReplyInput, StartPaymentsReply as _flashsale_v1_StartPaymentsReply } from './flashsale/v1/StartPaymentsReply.ts';
import type { StartPaymentsRequestInput as _flashsale_v1_StartPaymentsRequestInput, StartPaymentsRequest as _flashsale_v1_StartPaymentsRequest } from './flashsale/v1/StartPaymentsRequest.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  flashsale: {
    v1: {
      Actor: MessageTypeDefinition<_flashsale_v1_ActorInput, _flashsale_v1_Actor>
      BuyerOfStock: MessageTypeDefinition<_flashsale_v1_BuyerOfStockInput, _flashsale_v1_BuyerOfStock>
      CancelOrderRequest: MessageTypeDefinition<_flashsale_v1_CancelOrderRequestInput, _flashsale_v1_CancelOrderRequest>
      ChangeOrderOutcome: EnumTypeDefinition
      ChangeOrderReply: MessageTypeDefinition<_flashsale_v1_ChangeOrderReplyInput, _flashsale_v1_ChangeOrderReply>
      CreateOrderOutcome: EnumTypeDefinition
      CreateOrderReply: MessageTypeDefinition<_flashsale_v1_CreateOrderReplyInput, _flashsale_v1_CreateOrderReply>
      CreateOrderRequest: MessageTypeDefinition<_flashsale_v1_CreateOrderRequestInput, _flashsale_v1_CreateOrderRequest>
      DeadLetter: MessageTypeDefinition<_flashsale_v1_DeadLetterInput, _flashsale_v1_DeadLetter>
      DecidedOrder: MessageTypeDefinition<_flashsale_v1_DecidedOrderInput, _flashsale_v1_DecidedOrder>
      Decision: EnumTypeDefinition
      DoubtfulPayment: MessageTypeDefinition<_flashsale_v1_DoubtfulPaymentInput, _flashsale_v1_DoubtfulPayment>
      FindLiveOrdersRequest: MessageTypeDefinition<_flashsale_v1_FindLiveOrdersRequestInput, _flashsale_v1_FindLiveOrdersRequest>
      FindPaymentsReply: MessageTypeDefinition<_flashsale_v1_FindPaymentsReplyInput, _flashsale_v1_FindPaymentsReply>
      FindPaymentsRequest: MessageTypeDefinition<_flashsale_v1_FindPaymentsRequestInput, _flashsale_v1_FindPaymentsRequest>
      GatewayState: EnumTypeDefinition
      GetOrdersReply: MessageTypeDefinition<_flashsale_v1_GetOrdersReplyInput, _flashsale_v1_GetOrdersReply>
      GetOrdersRequest: MessageTypeDefinition<_flashsale_v1_GetOrdersRequestInput, _flashsale_v1_GetOrdersRequest>
      IdempotentRequest: MessageTypeDefinition<_flashsale_v1_IdempotentRequestInput, _flashsale_v1_IdempotentRequest>
      ItemFault: MessageTypeDefinition<_flashsale_v1_ItemFaultInput, _flashsale_v1_ItemFault>
      KeepSessionOutcome: EnumTypeDefinition
      KeepSessionReply: MessageTypeDefinition<_flashsale_v1_KeepSessionReplyInput, _flashsale_v1_KeepSessionReply>
      KeepSessionRequest: MessageTypeDefinition<_flashsale_v1_KeepSessionRequestInput, _flashsale_v1_KeepSessionRequest>
      ListDeadLettersReply: MessageTypeDefinition<_flashsale_v1_ListDeadLettersReplyInput, _flashsale_v1_ListDeadLettersReply>
      ListDeadLettersRequest: MessageTypeDefinition<_flashsale_v1_ListDeadLettersRequestInput, _flashsale_v1_ListDeadLettersRequest>
      ListDoubtfulPaymentsReply: MessageTypeDefinition<_flashsale_v1_ListDoubtfulPaymentsReplyInput, _flashsale_v1_ListDoubtfulPaymentsReply>
      ListDoubtfulPaymentsRequest: MessageTypeDefinition<_flashsale_v1_ListDoubtfulPaymentsRequestInput, _flashsale_v1_ListDoubtfulPaymentsRequest>
      ListManyOrdersReply: MessageTypeDefinition<_flashsale_v1_ListManyOrdersReplyInput, _flashsale_v1_ListManyOrdersReply>
      ListManyOrdersRequest: MessageTypeDefinition<_flashsale_v1_ListManyOrdersRequestInput, _flashsale_v1_ListManyOrdersRequest>
      ListOrdersReply: MessageTypeDefinition<_flashsale_v1_ListOrdersReplyInput, _flashsale_v1_ListOrdersReply>
      ListOrdersRequest: MessageTypeDefinition<_flashsale_v1_ListOrdersRequestInput, _flashsale_v1_ListOrdersRequest>
      Order: MessageTypeDefinition<_flashsale_v1_OrderInput, _flashsale_v1_Order>
      OrderPayment: MessageTypeDefinition<_flashsale_v1_OrderPaymentInput, _flashsale_v1_OrderPayment>
      OrderRequest: MessageTypeDefinition<_flashsale_v1_OrderRequestInput, _flashsale_v1_OrderRequest>
      OrderService: SubtypeConstructor<typeof grpc.Client, _flashsale_v1_OrderServiceClient> & { service: _flashsale_v1_OrderServiceDefinition }
      PaymentsOfOrder: MessageTypeDefinition<_flashsale_v1_PaymentsOfOrderInput, _flashsale_v1_PaymentsOfOrder>
      PlaceOrdersReply: MessageTypeDefinition<_flashsale_v1_PlaceOrdersReplyInput, _flashsale_v1_PlaceOrdersReply>
      PlaceOrdersRequest: MessageTypeDefinition<_flashsale_v1_PlaceOrdersRequestInput, _flashsale_v1_PlaceOrdersRequest>
      PlacedOrder: MessageTypeDefinition<_flashsale_v1_PlacedOrderInput, _flashsale_v1_PlacedOrder>
      Placement: EnumTypeDefinition
      RecordPaymentOutcome: EnumTypeDefinition
      RecordPaymentReply: MessageTypeDefinition<_flashsale_v1_RecordPaymentReplyInput, _flashsale_v1_RecordPaymentReply>
      RecordPaymentRequest: MessageTypeDefinition<_flashsale_v1_RecordPaymentRequestInput, _flashsale_v1_RecordPaymentRequest>
      RecordPaymentResult: MessageTypeDefinition<_flashsale_v1_RecordPaymentResultInput, _flashsale_v1_RecordPaymentResult>
      RecordPaymentsReply: MessageTypeDefinition<_flashsale_v1_RecordPaymentsReplyInput, _flashsale_v1_RecordPaymentsReply>
      RecordPaymentsRequest: MessageTypeDefinition<_flashsale_v1_RecordPaymentsRequestInput, _flashsale_v1_RecordPaymentsRequest>
      RefundFailure: MessageTypeDefinition<_flashsale_v1_RefundFailureInput, _flashsale_v1_RefundFailure>
      RefundOrderRequest: MessageTypeDefinition<_flashsale_v1_RefundOrderRequestInput, _flashsale_v1_RefundOrderRequest>
      RefundStockReply: MessageTypeDefinition<_flashsale_v1_RefundStockReplyInput, _flashsale_v1_RefundStockReply>
      RefundStockRequest: MessageTypeDefinition<_flashsale_v1_RefundStockRequestInput, _flashsale_v1_RefundStockRequest>
      SearchOrdersReply: MessageTypeDefinition<_flashsale_v1_SearchOrdersReplyInput, _flashsale_v1_SearchOrdersReply>
      SearchOrdersRequest: MessageTypeDefinition<_flashsale_v1_SearchOrdersRequestInput, _flashsale_v1_SearchOrdersRequest>
      SettlePaymentReply: MessageTypeDefinition<_flashsale_v1_SettlePaymentReplyInput, _flashsale_v1_SettlePaymentReply>
      SettlePaymentRequest: MessageTypeDefinition<_flashsale_v1_SettlePaymentRequestInput, _flashsale_v1_SettlePaymentRequest>
      StartPaymentOutcome: EnumTypeDefinition
      StartPaymentReply: MessageTypeDefinition<_flashsale_v1_StartPaymentReplyInput, _flashsale_v1_StartPaymentReply>
      StartPaymentRequest: MessageTypeDefinition<_flashsale_v1_StartPaymentRequestInput, _flashsale_v1_StartPaymentRequest>
      StartPaymentResult: MessageTypeDefinition<_flashsale_v1_StartPaymentResultInput, _flashsale_v1_StartPaymentResult>
      StartPaymentsReply: MessageTypeDefinition<_flashsale_v1_StartPaymentsReplyInput, _flashsale_v1_StartPaymentsReply>
      StartPaymentsRequest: MessageTypeDefinition<_flashsale_v1_StartPaymentsRequestInput, _flashsale_v1_StartPaymentsRequest>
    }
  }
}

