// Original file: proto/flashsale/v1/draw.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { DrawInput as _flashsale_v1_DrawInput, Draw as _flashsale_v1_Draw } from '../../flashsale/v1/Draw.ts';
import type { DrawSummaryInput as _flashsale_v1_DrawSummaryInput, DrawSummary as _flashsale_v1_DrawSummary } from '../../flashsale/v1/DrawSummary.ts';
import type { EnterDrawsReplyInput as _flashsale_v1_EnterDrawsReplyInput, EnterDrawsReply as _flashsale_v1_EnterDrawsReply } from '../../flashsale/v1/EnterDrawsReply.ts';
import type { EnterDrawsRequestInput as _flashsale_v1_EnterDrawsRequestInput, EnterDrawsRequest as _flashsale_v1_EnterDrawsRequest } from '../../flashsale/v1/EnterDrawsRequest.ts';
import type { EraseEntryReplyInput as _flashsale_v1_EraseEntryReplyInput, EraseEntryReply as _flashsale_v1_EraseEntryReply } from '../../flashsale/v1/EraseEntryReply.ts';
import type { EraseEntryRequestInput as _flashsale_v1_EraseEntryRequestInput, EraseEntryRequest as _flashsale_v1_EraseEntryRequest } from '../../flashsale/v1/EraseEntryRequest.ts';
import type { GetDrawRequestInput as _flashsale_v1_GetDrawRequestInput, GetDrawRequest as _flashsale_v1_GetDrawRequest } from '../../flashsale/v1/GetDrawRequest.ts';
import type { GetEntriesReplyInput as _flashsale_v1_GetEntriesReplyInput, GetEntriesReply as _flashsale_v1_GetEntriesReply } from '../../flashsale/v1/GetEntriesReply.ts';
import type { GetEntriesRequestInput as _flashsale_v1_GetEntriesRequestInput, GetEntriesRequest as _flashsale_v1_GetEntriesRequest } from '../../flashsale/v1/GetEntriesRequest.ts';
import type { LeaveDrawReplyInput as _flashsale_v1_LeaveDrawReplyInput, LeaveDrawReply as _flashsale_v1_LeaveDrawReply } from '../../flashsale/v1/LeaveDrawReply.ts';
import type { LeaveDrawRequestInput as _flashsale_v1_LeaveDrawRequestInput, LeaveDrawRequest as _flashsale_v1_LeaveDrawRequest } from '../../flashsale/v1/LeaveDrawRequest.ts';
import type { ListEntryIdsReplyInput as _flashsale_v1_ListEntryIdsReplyInput, ListEntryIdsReply as _flashsale_v1_ListEntryIdsReply } from '../../flashsale/v1/ListEntryIdsReply.ts';
import type { ListEntryIdsRequestInput as _flashsale_v1_ListEntryIdsRequestInput, ListEntryIdsRequest as _flashsale_v1_ListEntryIdsRequest } from '../../flashsale/v1/ListEntryIdsRequest.ts';

export interface DrawServiceClient extends grpc.Client {
  EnterDraws(argument: _flashsale_v1_EnterDrawsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_EnterDrawsReply>): grpc.ClientUnaryCall;
  EnterDraws(argument: _flashsale_v1_EnterDrawsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_EnterDrawsReply>): grpc.ClientUnaryCall;
  EnterDraws(argument: _flashsale_v1_EnterDrawsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_EnterDrawsReply>): grpc.ClientUnaryCall;
  EnterDraws(argument: _flashsale_v1_EnterDrawsRequestInput, callback: grpc.requestCallback<_flashsale_v1_EnterDrawsReply>): grpc.ClientUnaryCall;
  enterDraws(argument: _flashsale_v1_EnterDrawsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_EnterDrawsReply>): grpc.ClientUnaryCall;
  enterDraws(argument: _flashsale_v1_EnterDrawsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_EnterDrawsReply>): grpc.ClientUnaryCall;
  enterDraws(argument: _flashsale_v1_EnterDrawsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_EnterDrawsReply>): grpc.ClientUnaryCall;
  enterDraws(argument: _flashsale_v1_EnterDrawsRequestInput, callback: grpc.requestCallback<_flashsale_v1_EnterDrawsReply>): grpc.ClientUnaryCall;
  
  EraseEntry(argument: _flashsale_v1_EraseEntryRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_EraseEntryReply>): grpc.ClientUnaryCall;
  EraseEntry(argument: _flashsale_v1_EraseEntryRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_EraseEntryReply>): grpc.ClientUnaryCall;
  EraseEntry(argument: _flashsale_v1_EraseEntryRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_EraseEntryReply>): grpc.ClientUnaryCall;
  EraseEntry(argument: _flashsale_v1_EraseEntryRequestInput, callback: grpc.requestCallback<_flashsale_v1_EraseEntryReply>): grpc.ClientUnaryCall;
  eraseEntry(argument: _flashsale_v1_EraseEntryRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_EraseEntryReply>): grpc.ClientUnaryCall;
  eraseEntry(argument: _flashsale_v1_EraseEntryRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_EraseEntryReply>): grpc.ClientUnaryCall;
  eraseEntry(argument: _flashsale_v1_EraseEntryRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_EraseEntryReply>): grpc.ClientUnaryCall;
  eraseEntry(argument: _flashsale_v1_EraseEntryRequestInput, callback: grpc.requestCallback<_flashsale_v1_EraseEntryReply>): grpc.ClientUnaryCall;
  
  GetDraw(argument: _flashsale_v1_GetDrawRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_Draw>): grpc.ClientUnaryCall;
  GetDraw(argument: _flashsale_v1_GetDrawRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_Draw>): grpc.ClientUnaryCall;
  GetDraw(argument: _flashsale_v1_GetDrawRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_Draw>): grpc.ClientUnaryCall;
  GetDraw(argument: _flashsale_v1_GetDrawRequestInput, callback: grpc.requestCallback<_flashsale_v1_Draw>): grpc.ClientUnaryCall;
  getDraw(argument: _flashsale_v1_GetDrawRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_Draw>): grpc.ClientUnaryCall;
  getDraw(argument: _flashsale_v1_GetDrawRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_Draw>): grpc.ClientUnaryCall;
  getDraw(argument: _flashsale_v1_GetDrawRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_Draw>): grpc.ClientUnaryCall;
  getDraw(argument: _flashsale_v1_GetDrawRequestInput, callback: grpc.requestCallback<_flashsale_v1_Draw>): grpc.ClientUnaryCall;
  
  GetEntries(argument: _flashsale_v1_GetEntriesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_GetEntriesReply>): grpc.ClientUnaryCall;
  GetEntries(argument: _flashsale_v1_GetEntriesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_GetEntriesReply>): grpc.ClientUnaryCall;
  GetEntries(argument: _flashsale_v1_GetEntriesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_GetEntriesReply>): grpc.ClientUnaryCall;
  GetEntries(argument: _flashsale_v1_GetEntriesRequestInput, callback: grpc.requestCallback<_flashsale_v1_GetEntriesReply>): grpc.ClientUnaryCall;
  getEntries(argument: _flashsale_v1_GetEntriesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_GetEntriesReply>): grpc.ClientUnaryCall;
  getEntries(argument: _flashsale_v1_GetEntriesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_GetEntriesReply>): grpc.ClientUnaryCall;
  getEntries(argument: _flashsale_v1_GetEntriesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_GetEntriesReply>): grpc.ClientUnaryCall;
  getEntries(argument: _flashsale_v1_GetEntriesRequestInput, callback: grpc.requestCallback<_flashsale_v1_GetEntriesReply>): grpc.ClientUnaryCall;
  
  LeaveDraw(argument: _flashsale_v1_LeaveDrawRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_LeaveDrawReply>): grpc.ClientUnaryCall;
  LeaveDraw(argument: _flashsale_v1_LeaveDrawRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_LeaveDrawReply>): grpc.ClientUnaryCall;
  LeaveDraw(argument: _flashsale_v1_LeaveDrawRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_LeaveDrawReply>): grpc.ClientUnaryCall;
  LeaveDraw(argument: _flashsale_v1_LeaveDrawRequestInput, callback: grpc.requestCallback<_flashsale_v1_LeaveDrawReply>): grpc.ClientUnaryCall;
  leaveDraw(argument: _flashsale_v1_LeaveDrawRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_LeaveDrawReply>): grpc.ClientUnaryCall;
  leaveDraw(argument: _flashsale_v1_LeaveDrawRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_LeaveDrawReply>): grpc.ClientUnaryCall;
  leaveDraw(argument: _flashsale_v1_LeaveDrawRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_LeaveDrawReply>): grpc.ClientUnaryCall;
  leaveDraw(argument: _flashsale_v1_LeaveDrawRequestInput, callback: grpc.requestCallback<_flashsale_v1_LeaveDrawReply>): grpc.ClientUnaryCall;
  
  ListEntryIds(argument: _flashsale_v1_ListEntryIdsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListEntryIdsReply>): grpc.ClientUnaryCall;
  ListEntryIds(argument: _flashsale_v1_ListEntryIdsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_ListEntryIdsReply>): grpc.ClientUnaryCall;
  ListEntryIds(argument: _flashsale_v1_ListEntryIdsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListEntryIdsReply>): grpc.ClientUnaryCall;
  ListEntryIds(argument: _flashsale_v1_ListEntryIdsRequestInput, callback: grpc.requestCallback<_flashsale_v1_ListEntryIdsReply>): grpc.ClientUnaryCall;
  listEntryIds(argument: _flashsale_v1_ListEntryIdsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListEntryIdsReply>): grpc.ClientUnaryCall;
  listEntryIds(argument: _flashsale_v1_ListEntryIdsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_ListEntryIdsReply>): grpc.ClientUnaryCall;
  listEntryIds(argument: _flashsale_v1_ListEntryIdsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListEntryIdsReply>): grpc.ClientUnaryCall;
  listEntryIds(argument: _flashsale_v1_ListEntryIdsRequestInput, callback: grpc.requestCallback<_flashsale_v1_ListEntryIdsReply>): grpc.ClientUnaryCall;
  
  SummarizeDraw(argument: _flashsale_v1_GetDrawRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_DrawSummary>): grpc.ClientUnaryCall;
  SummarizeDraw(argument: _flashsale_v1_GetDrawRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_DrawSummary>): grpc.ClientUnaryCall;
  SummarizeDraw(argument: _flashsale_v1_GetDrawRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_DrawSummary>): grpc.ClientUnaryCall;
  SummarizeDraw(argument: _flashsale_v1_GetDrawRequestInput, callback: grpc.requestCallback<_flashsale_v1_DrawSummary>): grpc.ClientUnaryCall;
  summarizeDraw(argument: _flashsale_v1_GetDrawRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_DrawSummary>): grpc.ClientUnaryCall;
  summarizeDraw(argument: _flashsale_v1_GetDrawRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_DrawSummary>): grpc.ClientUnaryCall;
  summarizeDraw(argument: _flashsale_v1_GetDrawRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_DrawSummary>): grpc.ClientUnaryCall;
  summarizeDraw(argument: _flashsale_v1_GetDrawRequestInput, callback: grpc.requestCallback<_flashsale_v1_DrawSummary>): grpc.ClientUnaryCall;
  
}

export interface DrawServiceHandlers extends grpc.UntypedServiceImplementation {
  EnterDraws: grpc.handleUnaryCall<_flashsale_v1_EnterDrawsRequest, _flashsale_v1_EnterDrawsReplyInput>;
  
  EraseEntry: grpc.handleUnaryCall<_flashsale_v1_EraseEntryRequest, _flashsale_v1_EraseEntryReplyInput>;
  
  GetDraw: grpc.handleUnaryCall<_flashsale_v1_GetDrawRequest, _flashsale_v1_DrawInput>;
  
  GetEntries: grpc.handleUnaryCall<_flashsale_v1_GetEntriesRequest, _flashsale_v1_GetEntriesReplyInput>;
  
  LeaveDraw: grpc.handleUnaryCall<_flashsale_v1_LeaveDrawRequest, _flashsale_v1_LeaveDrawReplyInput>;
  
  ListEntryIds: grpc.handleUnaryCall<_flashsale_v1_ListEntryIdsRequest, _flashsale_v1_ListEntryIdsReplyInput>;
  
  SummarizeDraw: grpc.handleUnaryCall<_flashsale_v1_GetDrawRequest, _flashsale_v1_DrawSummaryInput>;
  
}

export interface DrawServiceDefinition extends grpc.ServiceDefinition {
  EnterDraws: MethodDefinition<_flashsale_v1_EnterDrawsRequestInput, _flashsale_v1_EnterDrawsReplyInput, _flashsale_v1_EnterDrawsRequest, _flashsale_v1_EnterDrawsReply>
  EraseEntry: MethodDefinition<_flashsale_v1_EraseEntryRequestInput, _flashsale_v1_EraseEntryReplyInput, _flashsale_v1_EraseEntryRequest, _flashsale_v1_EraseEntryReply>
  GetDraw: MethodDefinition<_flashsale_v1_GetDrawRequestInput, _flashsale_v1_DrawInput, _flashsale_v1_GetDrawRequest, _flashsale_v1_Draw>
  GetEntries: MethodDefinition<_flashsale_v1_GetEntriesRequestInput, _flashsale_v1_GetEntriesReplyInput, _flashsale_v1_GetEntriesRequest, _flashsale_v1_GetEntriesReply>
  LeaveDraw: MethodDefinition<_flashsale_v1_LeaveDrawRequestInput, _flashsale_v1_LeaveDrawReplyInput, _flashsale_v1_LeaveDrawRequest, _flashsale_v1_LeaveDrawReply>
  ListEntryIds: MethodDefinition<_flashsale_v1_ListEntryIdsRequestInput, _flashsale_v1_ListEntryIdsReplyInput, _flashsale_v1_ListEntryIdsRequest, _flashsale_v1_ListEntryIdsReply>
  SummarizeDraw: MethodDefinition<_flashsale_v1_GetDrawRequestInput, _flashsale_v1_DrawSummaryInput, _flashsale_v1_GetDrawRequest, _flashsale_v1_DrawSummary>
}
