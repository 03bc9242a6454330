// Original file: proto/flashsale/v1/stock.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AuditJobInput as _flashsale_v1_AuditJobInput, AuditJob as _flashsale_v1_AuditJob } from '../../flashsale/v1/AuditJob.ts';
import type { AuditStockReplyInput as _flashsale_v1_AuditStockReplyInput, AuditStockReply as _flashsale_v1_AuditStockReply } from '../../flashsale/v1/AuditStockReply.ts';
import type { AuditStockRequestInput as _flashsale_v1_AuditStockRequestInput, AuditStockRequest as _flashsale_v1_AuditStockRequest } from '../../flashsale/v1/AuditStockRequest.ts';
import type { CreateStockRequestInput as _flashsale_v1_CreateStockRequestInput, CreateStockRequest as _flashsale_v1_CreateStockRequest } from '../../flashsale/v1/CreateStockRequest.ts';
import type { CreateStocksReplyInput as _flashsale_v1_CreateStocksReplyInput, CreateStocksReply as _flashsale_v1_CreateStocksReply } from '../../flashsale/v1/CreateStocksReply.ts';
import type { CreateStocksRequestInput as _flashsale_v1_CreateStocksRequestInput, CreateStocksRequest as _flashsale_v1_CreateStocksRequest } from '../../flashsale/v1/CreateStocksRequest.ts';
import type { CurrentCountInput as _flashsale_v1_CurrentCountInput, CurrentCount as _flashsale_v1_CurrentCount } from '../../flashsale/v1/CurrentCount.ts';
import type { GetStockRequestInput as _flashsale_v1_GetStockRequestInput, GetStockRequest as _flashsale_v1_GetStockRequest } from '../../flashsale/v1/GetStockRequest.ts';
import type { GetStocksReplyInput as _flashsale_v1_GetStocksReplyInput, GetStocksReply as _flashsale_v1_GetStocksReply } from '../../flashsale/v1/GetStocksReply.ts';
import type { GetStocksRequestInput as _flashsale_v1_GetStocksRequestInput, GetStocksRequest as _flashsale_v1_GetStocksRequest } from '../../flashsale/v1/GetStocksRequest.ts';
import type { ListActionsReplyInput as _flashsale_v1_ListActionsReplyInput, ListActionsReply as _flashsale_v1_ListActionsReply } from '../../flashsale/v1/ListActionsReply.ts';
import type { ListActionsRequestInput as _flashsale_v1_ListActionsRequestInput, ListActionsRequest as _flashsale_v1_ListActionsRequest } from '../../flashsale/v1/ListActionsRequest.ts';
import type { ListStocksReplyInput as _flashsale_v1_ListStocksReplyInput, ListStocksReply as _flashsale_v1_ListStocksReply } from '../../flashsale/v1/ListStocksReply.ts';
import type { ListStocksRequestInput as _flashsale_v1_ListStocksRequestInput, ListStocksRequest as _flashsale_v1_ListStocksRequest } from '../../flashsale/v1/ListStocksRequest.ts';
import type { ReadSaleHistoryRequestInput as _flashsale_v1_ReadSaleHistoryRequestInput, ReadSaleHistoryRequest as _flashsale_v1_ReadSaleHistoryRequest } from '../../flashsale/v1/ReadSaleHistoryRequest.ts';
import type { RecordActionReplyInput as _flashsale_v1_RecordActionReplyInput, RecordActionReply as _flashsale_v1_RecordActionReply } from '../../flashsale/v1/RecordActionReply.ts';
import type { RecordActionRequestInput as _flashsale_v1_RecordActionRequestInput, RecordActionRequest as _flashsale_v1_RecordActionRequest } from '../../flashsale/v1/RecordActionRequest.ts';
import type { RemoveStockReplyInput as _flashsale_v1_RemoveStockReplyInput, RemoveStockReply as _flashsale_v1_RemoveStockReply } from '../../flashsale/v1/RemoveStockReply.ts';
import type { RemoveStockRequestInput as _flashsale_v1_RemoveStockRequestInput, RemoveStockRequest as _flashsale_v1_RemoveStockRequest } from '../../flashsale/v1/RemoveStockRequest.ts';
import type { SaleHistoryInput as _flashsale_v1_SaleHistoryInput, SaleHistory as _flashsale_v1_SaleHistory } from '../../flashsale/v1/SaleHistory.ts';
import type { StockInput as _flashsale_v1_StockInput, Stock as _flashsale_v1_Stock } from '../../flashsale/v1/Stock.ts';
import type { StockSummaryInput as _flashsale_v1_StockSummaryInput, StockSummary as _flashsale_v1_StockSummary } from '../../flashsale/v1/StockSummary.ts';
import type { SummarizeStockRequestInput as _flashsale_v1_SummarizeStockRequestInput, SummarizeStockRequest as _flashsale_v1_SummarizeStockRequest } from '../../flashsale/v1/SummarizeStockRequest.ts';
import type { UpdateStockRequestInput as _flashsale_v1_UpdateStockRequestInput, UpdateStockRequest as _flashsale_v1_UpdateStockRequest } from '../../flashsale/v1/UpdateStockRequest.ts';

export interface StockServiceClient extends grpc.Client {
  AuditStock(argument: _flashsale_v1_AuditStockRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_AuditStockReply>): grpc.ClientUnaryCall;
  AuditStock(argument: _flashsale_v1_AuditStockRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_AuditStockReply>): grpc.ClientUnaryCall;
  AuditStock(argument: _flashsale_v1_AuditStockRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_AuditStockReply>): grpc.ClientUnaryCall;
  AuditStock(argument: _flashsale_v1_AuditStockRequestInput, callback: grpc.requestCallback<_flashsale_v1_AuditStockReply>): grpc.ClientUnaryCall;
  auditStock(argument: _flashsale_v1_AuditStockRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_AuditStockReply>): grpc.ClientUnaryCall;
  auditStock(argument: _flashsale_v1_AuditStockRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_AuditStockReply>): grpc.ClientUnaryCall;
  auditStock(argument: _flashsale_v1_AuditStockRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_AuditStockReply>): grpc.ClientUnaryCall;
  auditStock(argument: _flashsale_v1_AuditStockRequestInput, callback: grpc.requestCallback<_flashsale_v1_AuditStockReply>): grpc.ClientUnaryCall;
  
  CancelAudit(argument: _flashsale_v1_AuditStockRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  CancelAudit(argument: _flashsale_v1_AuditStockRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  CancelAudit(argument: _flashsale_v1_AuditStockRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  CancelAudit(argument: _flashsale_v1_AuditStockRequestInput, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  cancelAudit(argument: _flashsale_v1_AuditStockRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  cancelAudit(argument: _flashsale_v1_AuditStockRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  cancelAudit(argument: _flashsale_v1_AuditStockRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  cancelAudit(argument: _flashsale_v1_AuditStockRequestInput, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  
  CreateStock(argument: _flashsale_v1_CreateStockRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  CreateStock(argument: _flashsale_v1_CreateStockRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  CreateStock(argument: _flashsale_v1_CreateStockRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  CreateStock(argument: _flashsale_v1_CreateStockRequestInput, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  createStock(argument: _flashsale_v1_CreateStockRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  createStock(argument: _flashsale_v1_CreateStockRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  createStock(argument: _flashsale_v1_CreateStockRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  createStock(argument: _flashsale_v1_CreateStockRequestInput, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  
  CreateStocks(argument: _flashsale_v1_CreateStocksRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateStocksReply>): grpc.ClientUnaryCall;
  CreateStocks(argument: _flashsale_v1_CreateStocksRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_CreateStocksReply>): grpc.ClientUnaryCall;
  CreateStocks(argument: _flashsale_v1_CreateStocksRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateStocksReply>): grpc.ClientUnaryCall;
  CreateStocks(argument: _flashsale_v1_CreateStocksRequestInput, callback: grpc.requestCallback<_flashsale_v1_CreateStocksReply>): grpc.ClientUnaryCall;
  createStocks(argument: _flashsale_v1_CreateStocksRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateStocksReply>): grpc.ClientUnaryCall;
  createStocks(argument: _flashsale_v1_CreateStocksRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_CreateStocksReply>): grpc.ClientUnaryCall;
  createStocks(argument: _flashsale_v1_CreateStocksRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateStocksReply>): grpc.ClientUnaryCall;
  createStocks(argument: _flashsale_v1_CreateStocksRequestInput, callback: grpc.requestCallback<_flashsale_v1_CreateStocksReply>): grpc.ClientUnaryCall;
  
  GetAudit(argument: _flashsale_v1_AuditStockRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  GetAudit(argument: _flashsale_v1_AuditStockRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  GetAudit(argument: _flashsale_v1_AuditStockRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  GetAudit(argument: _flashsale_v1_AuditStockRequestInput, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  getAudit(argument: _flashsale_v1_AuditStockRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  getAudit(argument: _flashsale_v1_AuditStockRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  getAudit(argument: _flashsale_v1_AuditStockRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  getAudit(argument: _flashsale_v1_AuditStockRequestInput, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  
  GetCurrentCount(argument: _flashsale_v1_GetStockRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CurrentCount>): grpc.ClientUnaryCall;
  GetCurrentCount(argument: _flashsale_v1_GetStockRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_CurrentCount>): grpc.ClientUnaryCall;
  GetCurrentCount(argument: _flashsale_v1_GetStockRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CurrentCount>): grpc.ClientUnaryCall;
  GetCurrentCount(argument: _flashsale_v1_GetStockRequestInput, callback: grpc.requestCallback<_flashsale_v1_CurrentCount>): grpc.ClientUnaryCall;
  getCurrentCount(argument: _flashsale_v1_GetStockRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CurrentCount>): grpc.ClientUnaryCall;
  getCurrentCount(argument: _flashsale_v1_GetStockRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_CurrentCount>): grpc.ClientUnaryCall;
  getCurrentCount(argument: _flashsale_v1_GetStockRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CurrentCount>): grpc.ClientUnaryCall;
  getCurrentCount(argument: _flashsale_v1_GetStockRequestInput, callback: grpc.requestCallback<_flashsale_v1_CurrentCount>): grpc.ClientUnaryCall;
  
  GetStock(argument: _flashsale_v1_GetStockRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  GetStock(argument: _flashsale_v1_GetStockRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  GetStock(argument: _flashsale_v1_GetStockRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  GetStock(argument: _flashsale_v1_GetStockRequestInput, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  getStock(argument: _flashsale_v1_GetStockRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  getStock(argument: _flashsale_v1_GetStockRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  getStock(argument: _flashsale_v1_GetStockRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  getStock(argument: _flashsale_v1_GetStockRequestInput, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  
  GetStocks(argument: _flashsale_v1_GetStocksRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_GetStocksReply>): grpc.ClientUnaryCall;
  GetStocks(argument: _flashsale_v1_GetStocksRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_GetStocksReply>): grpc.ClientUnaryCall;
  GetStocks(argument: _flashsale_v1_GetStocksRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_GetStocksReply>): grpc.ClientUnaryCall;
  GetStocks(argument: _flashsale_v1_GetStocksRequestInput, callback: grpc.requestCallback<_flashsale_v1_GetStocksReply>): grpc.ClientUnaryCall;
  getStocks(argument: _flashsale_v1_GetStocksRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_GetStocksReply>): grpc.ClientUnaryCall;
  getStocks(argument: _flashsale_v1_GetStocksRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_GetStocksReply>): grpc.ClientUnaryCall;
  getStocks(argument: _flashsale_v1_GetStocksRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_GetStocksReply>): grpc.ClientUnaryCall;
  getStocks(argument: _flashsale_v1_GetStocksRequestInput, callback: grpc.requestCallback<_flashsale_v1_GetStocksReply>): grpc.ClientUnaryCall;
  
  ListActions(argument: _flashsale_v1_ListActionsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListActionsReply>): grpc.ClientUnaryCall;
  ListActions(argument: _flashsale_v1_ListActionsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_ListActionsReply>): grpc.ClientUnaryCall;
  ListActions(argument: _flashsale_v1_ListActionsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListActionsReply>): grpc.ClientUnaryCall;
  ListActions(argument: _flashsale_v1_ListActionsRequestInput, callback: grpc.requestCallback<_flashsale_v1_ListActionsReply>): grpc.ClientUnaryCall;
  listActions(argument: _flashsale_v1_ListActionsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListActionsReply>): grpc.ClientUnaryCall;
  listActions(argument: _flashsale_v1_ListActionsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_ListActionsReply>): grpc.ClientUnaryCall;
  listActions(argument: _flashsale_v1_ListActionsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListActionsReply>): grpc.ClientUnaryCall;
  listActions(argument: _flashsale_v1_ListActionsRequestInput, callback: grpc.requestCallback<_flashsale_v1_ListActionsReply>): grpc.ClientUnaryCall;
  
  ListStocks(argument: _flashsale_v1_ListStocksRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListStocksReply>): grpc.ClientUnaryCall;
  ListStocks(argument: _flashsale_v1_ListStocksRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_ListStocksReply>): grpc.ClientUnaryCall;
  ListStocks(argument: _flashsale_v1_ListStocksRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListStocksReply>): grpc.ClientUnaryCall;
  ListStocks(argument: _flashsale_v1_ListStocksRequestInput, callback: grpc.requestCallback<_flashsale_v1_ListStocksReply>): grpc.ClientUnaryCall;
  listStocks(argument: _flashsale_v1_ListStocksRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListStocksReply>): grpc.ClientUnaryCall;
  listStocks(argument: _flashsale_v1_ListStocksRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_ListStocksReply>): grpc.ClientUnaryCall;
  listStocks(argument: _flashsale_v1_ListStocksRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListStocksReply>): grpc.ClientUnaryCall;
  listStocks(argument: _flashsale_v1_ListStocksRequestInput, callback: grpc.requestCallback<_flashsale_v1_ListStocksReply>): grpc.ClientUnaryCall;
  
  ReadSaleHistory(argument: _flashsale_v1_ReadSaleHistoryRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_SaleHistory>): grpc.ClientUnaryCall;
  ReadSaleHistory(argument: _flashsale_v1_ReadSaleHistoryRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_SaleHistory>): grpc.ClientUnaryCall;
  ReadSaleHistory(argument: _flashsale_v1_ReadSaleHistoryRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_SaleHistory>): grpc.ClientUnaryCall;
  ReadSaleHistory(argument: _flashsale_v1_ReadSaleHistoryRequestInput, callback: grpc.requestCallback<_flashsale_v1_SaleHistory>): grpc.ClientUnaryCall;
  readSaleHistory(argument: _flashsale_v1_ReadSaleHistoryRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_SaleHistory>): grpc.ClientUnaryCall;
  readSaleHistory(argument: _flashsale_v1_ReadSaleHistoryRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_SaleHistory>): grpc.ClientUnaryCall;
  readSaleHistory(argument: _flashsale_v1_ReadSaleHistoryRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_SaleHistory>): grpc.ClientUnaryCall;
  readSaleHistory(argument: _flashsale_v1_ReadSaleHistoryRequestInput, callback: grpc.requestCallback<_flashsale_v1_SaleHistory>): grpc.ClientUnaryCall;
  
  RecordAction(argument: _flashsale_v1_RecordActionRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RecordActionReply>): grpc.ClientUnaryCall;
  RecordAction(argument: _flashsale_v1_RecordActionRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_RecordActionReply>): grpc.ClientUnaryCall;
  RecordAction(argument: _flashsale_v1_RecordActionRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RecordActionReply>): grpc.ClientUnaryCall;
  RecordAction(argument: _flashsale_v1_RecordActionRequestInput, callback: grpc.requestCallback<_flashsale_v1_RecordActionReply>): grpc.ClientUnaryCall;
  recordAction(argument: _flashsale_v1_RecordActionRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RecordActionReply>): grpc.ClientUnaryCall;
  recordAction(argument: _flashsale_v1_RecordActionRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_RecordActionReply>): grpc.ClientUnaryCall;
  recordAction(argument: _flashsale_v1_RecordActionRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RecordActionReply>): grpc.ClientUnaryCall;
  recordAction(argument: _flashsale_v1_RecordActionRequestInput, callback: grpc.requestCallback<_flashsale_v1_RecordActionReply>): grpc.ClientUnaryCall;
  
  RemoveStock(argument: _flashsale_v1_RemoveStockRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RemoveStockReply>): grpc.ClientUnaryCall;
  RemoveStock(argument: _flashsale_v1_RemoveStockRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_RemoveStockReply>): grpc.ClientUnaryCall;
  RemoveStock(argument: _flashsale_v1_RemoveStockRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RemoveStockReply>): grpc.ClientUnaryCall;
  RemoveStock(argument: _flashsale_v1_RemoveStockRequestInput, callback: grpc.requestCallback<_flashsale_v1_RemoveStockReply>): grpc.ClientUnaryCall;
  removeStock(argument: _flashsale_v1_RemoveStockRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RemoveStockReply>): grpc.ClientUnaryCall;
  removeStock(argument: _flashsale_v1_RemoveStockRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_RemoveStockReply>): grpc.ClientUnaryCall;
  removeStock(argument: _flashsale_v1_RemoveStockRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RemoveStockReply>): grpc.ClientUnaryCall;
  removeStock(argument: _flashsale_v1_RemoveStockRequestInput, callback: grpc.requestCallback<_flashsale_v1_RemoveStockReply>): grpc.ClientUnaryCall;
  
  StartAudit(argument: _flashsale_v1_AuditStockRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  StartAudit(argument: _flashsale_v1_AuditStockRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  StartAudit(argument: _flashsale_v1_AuditStockRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  StartAudit(argument: _flashsale_v1_AuditStockRequestInput, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  startAudit(argument: _flashsale_v1_AuditStockRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  startAudit(argument: _flashsale_v1_AuditStockRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  startAudit(argument: _flashsale_v1_AuditStockRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  startAudit(argument: _flashsale_v1_AuditStockRequestInput, callback: grpc.requestCallback<_flashsale_v1_AuditJob>): grpc.ClientUnaryCall;
  
  SummarizeStock(argument: _flashsale_v1_SummarizeStockRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_StockSummary>): grpc.ClientUnaryCall;
  SummarizeStock(argument: _flashsale_v1_SummarizeStockRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_StockSummary>): grpc.ClientUnaryCall;
  SummarizeStock(argument: _flashsale_v1_SummarizeStockRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_StockSummary>): grpc.ClientUnaryCall;
  SummarizeStock(argument: _flashsale_v1_SummarizeStockRequestInput, callback: grpc.requestCallback<_flashsale_v1_StockSummary>): grpc.ClientUnaryCall;
  summarizeStock(argument: _flashsale_v1_SummarizeStockRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_StockSummary>): grpc.ClientUnaryCall;
  summarizeStock(argument: _flashsale_v1_SummarizeStockRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_StockSummary>): grpc.ClientUnaryCall;
  summarizeStock(argument: _flashsale_v1_SummarizeStockRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_StockSummary>): grpc.ClientUnaryCall;
  summarizeStock(argument: _flashsale_v1_SummarizeStockRequestInput, callback: grpc.requestCallback<_flashsale_v1_StockSummary>): grpc.ClientUnaryCall;
  
  UpdateStock(argument: _flashsale_v1_UpdateStockRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  UpdateStock(argument: _flashsale_v1_UpdateStockRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  UpdateStock(argument: _flashsale_v1_UpdateStockRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  UpdateStock(argument: _flashsale_v1_UpdateStockRequestInput, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  updateStock(argument: _flashsale_v1_UpdateStockRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  updateStock(argument: _flashsale_v1_UpdateStockRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  updateStock(argument: _flashsale_v1_UpdateStockRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  updateStock(argument: _flashsale_v1_UpdateStockRequestInput, callback: grpc.requestCallback<_flashsale_v1_Stock>): grpc.ClientUnaryCall;
  
}

export interface StockServiceHandlers extends grpc.UntypedServiceImplementation {
  AuditStock: grpc.handleUnaryCall<_flashsale_v1_AuditStockRequest, _flashsale_v1_AuditStockReplyInput>;
  
  CancelAudit: grpc.handleUnaryCall<_flashsale_v1_AuditStockRequest, _flashsale_v1_AuditJobInput>;
  
  CreateStock: grpc.handleUnaryCall<_flashsale_v1_CreateStockRequest, _flashsale_v1_StockInput>;
  
  CreateStocks: grpc.handleUnaryCall<_flashsale_v1_CreateStocksRequest, _flashsale_v1_CreateStocksReplyInput>;
  
  GetAudit: grpc.handleUnaryCall<_flashsale_v1_AuditStockRequest, _flashsale_v1_AuditJobInput>;
  
  GetCurrentCount: grpc.handleUnaryCall<_flashsale_v1_GetStockRequest, _flashsale_v1_CurrentCountInput>;
  
  GetStock: grpc.handleUnaryCall<_flashsale_v1_GetStockRequest, _flashsale_v1_StockInput>;
  
  GetStocks: grpc.handleUnaryCall<_flashsale_v1_GetStocksRequest, _flashsale_v1_GetStocksReplyInput>;
  
  ListActions: grpc.handleUnaryCall<_flashsale_v1_ListActionsRequest, _flashsale_v1_ListActionsReplyInput>;
  
  ListStocks: grpc.handleUnaryCall<_flashsale_v1_ListStocksRequest, _flashsale_v1_ListStocksReplyInput>;
  
  ReadSaleHistory: grpc.handleUnaryCall<_flashsale_v1_ReadSaleHistoryRequest, _flashsale_v1_SaleHistoryInput>;
  
  RecordAction: grpc.handleUnaryCall<_flashsale_v1_RecordActionRequest, _flashsale_v1_RecordActionReplyInput>;
  
  RemoveStock: grpc.handleUnaryCall<_flashsale_v1_RemoveStockRequest, _flashsale_v1_RemoveStockReplyInput>;
  
  StartAudit: grpc.handleUnaryCall<_flashsale_v1_AuditStockRequest, _flashsale_v1_AuditJobInput>;
  
  SummarizeStock: grpc.handleUnaryCall<_flashsale_v1_SummarizeStockRequest, _flashsale_v1_StockSummaryInput>;
  
  UpdateStock: grpc.handleUnaryCall<_flashsale_v1_UpdateStockRequest, _flashsale_v1_StockInput>;
  
}

export interface StockServiceDefinition extends grpc.ServiceDefinition {
  AuditStock: MethodDefinition<_flashsale_v1_AuditStockRequestInput, _flashsale_v1_AuditStockReplyInput, _flashsale_v1_AuditStockRequest, _flashsale_v1_AuditStockReply>
  CancelAudit: MethodDefinition<_flashsale_v1_AuditStockRequestInput, _flashsale_v1_AuditJobInput, _flashsale_v1_AuditStockRequest, _flashsale_v1_AuditJob>
  CreateStock: MethodDefinition<_flashsale_v1_CreateStockRequestInput, _flashsale_v1_StockInput, _flashsale_v1_CreateStockRequest, _flashsale_v1_Stock>
  CreateStocks: MethodDefinition<_flashsale_v1_CreateStocksRequestInput, _flashsale_v1_CreateStocksReplyInput, _flashsale_v1_CreateStocksRequest, _flashsale_v1_CreateStocksReply>
  GetAudit: MethodDefinition<_flashsale_v1_AuditStockRequestInput, _flashsale_v1_AuditJobInput, _flashsale_v1_AuditStockRequest, _flashsale_v1_AuditJob>
  GetCurrentCount: MethodDefinition<_flashsale_v1_GetStockRequestInput, _flashsale_v1_CurrentCountInput, _flashsale_v1_GetStockRequest, _flashsale_v1_CurrentCount>
  GetStock: MethodDefinition<_flashsale_v1_GetStockRequestInput, _flashsale_v1_StockInput, _flashsale_v1_GetStockRequest, _flashsale_v1_Stock>
  GetStocks: MethodDefinition<_flashsale_v1_GetStocksRequestInput, _flashsale_v1_GetStocksReplyInput, _flashsale_v1_GetStocksRequest, _flashsale_v1_GetStocksReply>
  ListActions: MethodDefinition<_flashsale_v1_ListActionsRequestInput, _flashsale_v1_ListActionsReplyInput, _flashsale_v1_ListActionsRequest, _flashsale_v1_ListActionsReply>
  ListStocks: MethodDefinition<_flashsale_v1_ListStocksRequestInput, _flashsale_v1_ListStocksReplyInput, _flashsale_v1_ListStocksRequest, _flashsale_v1_ListStocksReply>
  ReadSaleHistory: MethodDefinition<_flashsale_v1_ReadSaleHistoryRequestInput, _flashsale_v1_SaleHistoryInput, _flashsale_v1_ReadSaleHistoryRequest, _flashsale_v1_SaleHistory>
  RecordAction: MethodDefinition<_flashsale_v1_RecordActionRequestInput, _flashsale_v1_RecordActionReplyInput, _flashsale_v1_RecordActionRequest, _flashsale_v1_RecordActionReply>
  RemoveStock: MethodDefinition<_flashsale_v1_RemoveStockRequestInput, _flashsale_v1_RemoveStockReplyInput, _flashsale_v1_RemoveStockRequest, _flashsale_v1_RemoveStockReply>
  StartAudit: MethodDefinition<_flashsale_v1_AuditStockRequestInput, _flashsale_v1_AuditJobInput, _flashsale_v1_AuditStockRequest, _flashsale_v1_AuditJob>
  SummarizeStock: MethodDefinition<_flashsale_v1_SummarizeStockRequestInput, _flashsale_v1_StockSummaryInput, _flashsale_v1_SummarizeStockRequest, _flashsale_v1_StockSummary>
  UpdateStock: MethodDefinition<_flashsale_v1_UpdateStockRequestInput, _flashsale_v1_StockInput, _flashsale_v1_UpdateStockRequest, _flashsale_v1_Stock>
}
