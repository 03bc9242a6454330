import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { ActorInput as _flashsale_v1_ActorInput, Actor as _flashsale_v1_Actor } from './flashsale/v1/Actor.ts';
import type { AdminActionInput as _flashsale_v1_AdminActionInput, AdminAction as _flashsale_v1_AdminAction } from './flashsale/v1/AdminAction.ts';
import type { AuditCheckInput as _flashsale_v1_AuditCheckInput, AuditCheck as _flashsale_v1_AuditCheck } from './flashsale/v1/AuditCheck.ts';
import type { AuditJobInput as _flashsale_v1_AuditJobInput, AuditJob as _flashsale_v1_AuditJob } from './flashsale/v1/AuditJob.ts';
import type { AuditStockReplyInput as _flashsale_v1_AuditStockReplyInput, AuditStockReply as _flashsale_v1_AuditStockReply } from './flashsale/v1/AuditStockReply.ts';
import type { AuditStockRequestInput as _flashsale_v1_AuditStockRequestInput, AuditStockRequest as _flashsale_v1_AuditStockRequest } from './flashsale/v1/AuditStockRequest.ts';
import type { CreateStockRequestInput as _flashsale_v1_CreateStockRequestInput, CreateStockRequest as _flashsale_v1_CreateStockRequest } from './flashsale/v1/CreateStockRequest.ts';
import type { CreateStocksReplyInput as _flashsale_v1_CreateStocksReplyInput, CreateStocksReply as _flashsale_v1_CreateStocksReply } from './flashsale/v1/CreateStocksReply.ts';
import type { CreateStocksRequestInput as _flashsale_v1_CreateStocksRequestInput, CreateStocksRequest as _flashsale_v1_CreateStocksRequest } from './flashsale/v1/CreateStocksRequest.ts';
import type { CurrentCountInput as _flashsale_v1_CurrentCountInput, CurrentCount as _flashsale_v1_CurrentCount } from './flashsale/v1/CurrentCount.ts';
import type { GetStockRequestInput as _flashsale_v1_GetStockRequestInput, GetStockRequest as _flashsale_v1_GetStockRequest } from './flashsale/v1/GetStockRequest.ts';
import type { GetStocksReplyInput as _flashsale_v1_GetStocksReplyInput, GetStocksReply as _flashsale_v1_GetStocksReply } from './flashsale/v1/GetStocksReply.ts';
import type { GetStocksRequestInput as _flashsale_v1_GetStocksRequestInput, GetStocksRequest as _flashsale_v1_GetStocksRequest } from './flashsale/v1/GetStocksRequest.ts';
import type { IdempotentRequestInput as _flashsale_v1_IdempotentRequestInput, IdempotentRequest as _flashsale_v1_IdempotentRequest } from './flashsale/v1/IdempotentRequest.ts';
import type { ItemFaultInput as _flashsale_v1_ItemFaultInput, ItemFault as _flashsale_v1_ItemFault } from './flashsale/v1/ItemFault.ts';
import type { ListActionsReplyInput as _flashsale_v1_ListActionsReplyInput, ListActionsReply as _flashsale_v1_ListActionsReply } from './flashsale/v1/ListActionsReply.ts';
import type { ListActionsRequestInput as _flashsale_v1_ListActionsRequestInput, ListActionsRequest as _flashsale_v1_ListActionsRequest } from './flashsale/v1/ListActionsRequest.ts';
import type { ListStocksReplyInput as _flashsale_v1_ListStocksReplyInput, ListStocksReply as _flashsale_v1_ListStocksReply } from './flashsale/v1/ListStocksReply.ts';
import type { ListStocksRequestInput as _flashsale_v1_ListStocksRequestInput, ListStocksRequest as _flashsale_v1_ListStocksRequest } from './flashsale/v1/ListStocksRequest.ts';
import type { ReadSaleHistoryRequestInput as _flashsale_v1_ReadSaleHistoryRequestInput, ReadSaleHistoryRequest as _flashsale_v1_ReadSaleHistoryRequest } from './flashsale/v1/ReadSaleHistoryRequest.ts';
import type { RecordActionReplyInput as _flashsale_v1_RecordActionReplyInput, RecordActionReply as _flashsale_v1_RecordActionReply } from './flashsale/v1/RecordActionReply.ts';
import type { RecordActionRequestInput as _flashsale_v1_RecordActionRequestInput, RecordActionRequest as _flashsale_v1_RecordActionRequest } from './flashsale/v1/RecordActionRequest.ts';
import type { RemoveStockReplyInput as _flashsale_v1_RemoveStockReplyInput, RemoveStockReply as _flashsale_v1_RemoveStockReply } from './flashsale/v1/RemoveStockReply.ts';
import type { RemoveStockRequestInput as _flashsale_v1_RemoveStockRequestInput, RemoveStockRequest as _flashsale_v1_RemoveStockRequest } from './flashsale/v1/RemoveStockRequest.ts';
import type { RowFaultInput as _flashsale_v1_RowFaultInput, RowFault as _flashsale_v1_RowFault } from './flashsale/v1/RowFault.ts';
import type { SaleBucketInput as _flashsale_v1_SaleBucketInput, SaleBucket as _flashsale_v1_SaleBucket } from './flashsale/v1/SaleBucket.ts';
import type { SaleHistoryInput as _flashsale_v1_SaleHistoryInput, SaleHistory as _flashsale_v1_SaleHistory } from './flashsale/v1/SaleHistory.ts';
import type { StockInput as _flashsale_v1_StockInput, Stock as _flashsale_v1_Stock } from './flashsale/v1/Stock.ts';
import type { StockResultInput as _flashsale_v1_StockResultInput, StockResult as _flashsale_v1_StockResult } from './flashsale/v1/StockResult.ts';
import type { StockServiceClient as _flashsale_v1_StockServiceClient, StockServiceDefinition as _flashsale_v1_StockServiceDefinition } from './flashsale/v1/StockService.ts';
import type { StockSummaryInput as _flashsale_v1_StockSummaryInput, StockSummary as _flashsale_v1_StockSummary } from './flashsale/v1/StockSummary.ts';
import type { SummarizeStockRequestInput as _flashsale_v1_SummarizeStockRequestInput, SummarizeStockRequest as _flashsale_v1_SummarizeStockRequest } from './flashsale/v1/SummarizeStockRequest.ts';
import type { UpdateStockRequestInput as _flashsale_v1_UpdateStockRequestInput, UpdateStockRequest as _flashsale_v1_UpdateStockRequest } from './flashsale/v1/UpdateStockRequest.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  flashsale: {
    v1: {
      Actor: MessageTypeDefinition<_flashsale_v1_ActorInput, _flashsale_v1_Actor>
      AdminAction: MessageTypeDefinition<_flashsale_v1_AdminActionInput, _flashsale_v1_AdminAction>
      AuditCheck: MessageTypeDefinition<_flashsale_v1_AuditCheckInput, _flashsale_v1_AuditCheck>
      AuditJob: MessageTypeDefinition<_flashsale_v1_AuditJobInput, _flashsale_v1_AuditJob>
      AuditState: EnumTypeDefinition
      AuditStockReply: MessageTypeDefinition<_flashsale_v1_AuditStockReplyInput, _flashsale_v1_AuditStockReply>
      AuditStockRequest: MessageTypeDefinition<_flashsale_v1_AuditStockRequestInput, _flashsale_v1_AuditStockRequest>
      CreateStockRequest: MessageTypeDefinition<_flashsale_v1_CreateStockRequestInput, _flashsale_v1_CreateStockRequest>
      CreateStocksReply: MessageTypeDefinition<_flashsale_v1_CreateStocksReplyInput, _flashsale_v1_CreateStocksReply>
      CreateStocksRequest: MessageTypeDefinition<_flashsale_v1_CreateStocksRequestInput, _flashsale_v1_CreateStocksRequest>
      CurrentCount: MessageTypeDefinition<_flashsale_v1_CurrentCountInput, _flashsale_v1_CurrentCount>
      GetStockRequest: MessageTypeDefinition<_flashsale_v1_GetStockRequestInput, _flashsale_v1_GetStockRequest>
      GetStocksReply: MessageTypeDefinition<_flashsale_v1_GetStocksReplyInput, _flashsale_v1_GetStocksReply>
      GetStocksRequest: MessageTypeDefinition<_flashsale_v1_GetStocksRequestInput, _flashsale_v1_GetStocksRequest>
      IdempotentRequest: MessageTypeDefinition<_flashsale_v1_IdempotentRequestInput, _flashsale_v1_IdempotentRequest>
      ItemFault: MessageTypeDefinition<_flashsale_v1_ItemFaultInput, _flashsale_v1_ItemFault>
      ListActionsReply: MessageTypeDefinition<_flashsale_v1_ListActionsReplyInput, _flashsale_v1_ListActionsReply>
      ListActionsRequest: MessageTypeDefinition<_flashsale_v1_ListActionsRequestInput, _flashsale_v1_ListActionsRequest>
      ListStocksReply: MessageTypeDefinition<_flashsale_v1_ListStocksReplyInput, _flashsale_v1_ListStocksReply>
      ListStocksRequest: MessageTypeDefinition<_flashsale_v1_ListStocksRequestInput, _flashsale_v1_ListStocksRequest>
      ReadSaleHistoryRequest: MessageTypeDefinition<_flashsale_v1_ReadSaleHistoryRequestInput, _flashsale_v1_ReadSaleHistoryRequest>
      RecordActionReply: MessageTypeDefinition<_flashsale_v1_RecordActionReplyInput, _flashsale_v1_RecordActionReply>
      RecordActionRequest: MessageTypeDefinition<_flashsale_v1_RecordActionRequestInput, _flashsale_v1_RecordActionRequest>
      RemoveStockReply: MessageTypeDefinition<_flashsale_v1_RemoveStockReplyInput, _flashsale_v1_RemoveStockReply>
      RemoveStockRequest: MessageTypeDefinition<_flashsale_v1_RemoveStockRequestInput, _flashsale_v1_RemoveStockRequest>
      RowFault: MessageTypeDefinition<_flashsale_v1_RowFaultInput, _flashsale_v1_RowFault>
      SaleBucket: MessageTypeDefinition<_flashsale_v1_SaleBucketInput, _flashsale_v1_SaleBucket>
      SaleHistory: MessageTypeDefinition<_flashsale_v1_SaleHistoryInput, _flashsale_v1_SaleHistory>
      Stock: MessageTypeDefinition<_flashsale_v1_StockInput, _flashsale_v1_Stock>
      StockResult: MessageTypeDefinition<_flashsale_v1_StockResultInput, _flashsale_v1_StockResult>
      StockService: SubtypeConstructor<typeof grpc.Client, _flashsale_v1_StockServiceClient> & { service: _flashsale_v1_StockServiceDefinition }
      StockSummary: MessageTypeDefinition<_flashsale_v1_StockSummaryInput, _flashsale_v1_StockSummary>
      SummarizeStockRequest: MessageTypeDefinition<_flashsale_v1_SummarizeStockRequestInput, _flashsale_v1_SummarizeStockRequest>
      UpdateStockRequest: MessageTypeDefinition<_flashsale_v1_UpdateStockRequestInput, _flashsale_v1_UpdateStockRequest>
    }
  }
}

