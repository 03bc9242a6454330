import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { ActorInput as _flashsale_v1_ActorInput, Actor as _flashsale_v1_Actor } from './flashsale/v1/Actor.ts';
import type { DrawInput as _flashsale_v1_DrawInput, Draw as _flashsale_v1_Draw } from './flashsale/v1/Draw.ts';
import type { DrawServiceClient as _flashsale_v1_DrawServiceClient, DrawServiceDefinition as _flashsale_v1_DrawServiceDefinition } from './flashsale/v1/DrawService.ts';
import type { DrawSummaryInput as _flashsale_v1_DrawSummaryInput, DrawSummary as _flashsale_v1_DrawSummary } from './flashsale/v1/DrawSummary.ts';
import type { EndedAttemptInput as _flashsale_v1_EndedAttemptInput, EndedAttempt as _flashsale_v1_EndedAttempt } from './flashsale/v1/EndedAttempt.ts';
import type { EnterDrawReplyInput as _flashsale_v1_EnterDrawReplyInput, EnterDrawReply as _flashsale_v1_EnterDrawReply } from './flashsale/v1/EnterDrawReply.ts';
import type { EnterDrawRequestInput as _flashsale_v1_EnterDrawRequestInput, EnterDrawRequest as _flashsale_v1_EnterDrawRequest } from './flashsale/v1/EnterDrawRequest.ts';
import type { EnterDrawResultInput as _flashsale_v1_EnterDrawResultInput, EnterDrawResult as _flashsale_v1_EnterDrawResult } from './flashsale/v1/EnterDrawResult.ts';
import type { EnterDrawsReplyInput as _flashsale_v1_EnterDrawsReplyInput, EnterDrawsReply as _flashsale_v1_EnterDrawsReply } from './flashsale/v1/EnterDrawsReply.ts';
import type { EnterDrawsRequestInput as _flashsale_v1_EnterDrawsRequestInput, EnterDrawsRequest as _flashsale_v1_EnterDrawsRequest } from './flashsale/v1/EnterDrawsRequest.ts';
import type { EntryInput as _flashsale_v1_EntryInput, Entry as _flashsale_v1_Entry } from './flashsale/v1/Entry.ts';
import type { EntryOfStockInput as _flashsale_v1_EntryOfStockInput, EntryOfStock as _flashsale_v1_EntryOfStock } from './flashsale/v1/EntryOfStock.ts';
import type { EraseEntryReplyInput as _flashsale_v1_EraseEntryReplyInput, EraseEntryReply as _flashsale_v1_EraseEntryReply } from './flashsale/v1/EraseEntryReply.ts';
import type { EraseEntryRequestInput as _flashsale_v1_EraseEntryRequestInput, EraseEntryRequest as _flashsale_v1_EraseEntryRequest } from './flashsale/v1/EraseEntryRequest.ts';
import type { GetDrawRequestInput as _flashsale_v1_GetDrawRequestInput, GetDrawRequest as _flashsale_v1_GetDrawRequest } from './flashsale/v1/GetDrawRequest.ts';
import type { GetEntriesReplyInput as _flashsale_v1_GetEntriesReplyInput, GetEntriesReply as _flashsale_v1_GetEntriesReply } from './flashsale/v1/GetEntriesReply.ts';
import type { GetEntriesRequestInput as _flashsale_v1_GetEntriesRequestInput, GetEntriesRequest as _flashsale_v1_GetEntriesRequest } from './flashsale/v1/GetEntriesRequest.ts';
import type { ItemFaultInput as _flashsale_v1_ItemFaultInput, ItemFault as _flashsale_v1_ItemFault } from './flashsale/v1/ItemFault.ts';
import type { LeaveDrawReplyInput as _flashsale_v1_LeaveDrawReplyInput, LeaveDrawReply as _flashsale_v1_LeaveDrawReply } from './flashsale/v1/LeaveDrawReply.ts';
import type { LeaveDrawRequestInput as _flashsale_v1_LeaveDrawRequestInput, LeaveDrawRequest as _flashsale_v1_LeaveDrawRequest } from './flashsale/v1/LeaveDrawRequest.ts';
import type { ListEntryIdsReplyInput as _flashsale_v1_ListEntryIdsReplyInput, ListEntryIdsReply as _flashsale_v1_ListEntryIdsReply } from './flashsale/v1/ListEntryIdsReply.ts';
import type { ListEntryIdsRequestInput as _flashsale_v1_ListEntryIdsRequestInput, ListEntryIdsRequest as _flashsale_v1_ListEntryIdsRequest } from './flashsale/v1/ListEntryIdsRequest.ts';
import type { VoidAttemptInput as _flashsale_v1_VoidAttemptInput, VoidAttempt as _flashsale_v1_VoidAttempt } from './flashsale/v1/VoidAttempt.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  flashsale: {
    v1: {
      Actor: MessageTypeDefinition<_flashsale_v1_ActorInput, _flashsale_v1_Actor>
      Draw: MessageTypeDefinition<_flashsale_v1_DrawInput, _flashsale_v1_Draw>
      DrawService: SubtypeConstructor<typeof grpc.Client, _flashsale_v1_DrawServiceClient> & { service: _flashsale_v1_DrawServiceDefinition }
      DrawState: EnumTypeDefinition
      DrawSummary: MessageTypeDefinition<_flashsale_v1_DrawSummaryInput, _flashsale_v1_DrawSummary>
      EndedAttempt: MessageTypeDefinition<_flashsale_v1_EndedAttemptInput, _flashsale_v1_EndedAttempt>
      EnterDrawReply: MessageTypeDefinition<_flashsale_v1_EnterDrawReplyInput, _flashsale_v1_EnterDrawReply>
      EnterDrawRequest: MessageTypeDefinition<_flashsale_v1_EnterDrawRequestInput, _flashsale_v1_EnterDrawRequest>
      EnterDrawResult: MessageTypeDefinition<_flashsale_v1_EnterDrawResultInput, _flashsale_v1_EnterDrawResult>
      EnterDrawsReply: MessageTypeDefinition<_flashsale_v1_EnterDrawsReplyInput, _flashsale_v1_EnterDrawsReply>
      EnterDrawsRequest: MessageTypeDefinition<_flashsale_v1_EnterDrawsRequestInput, _flashsale_v1_EnterDrawsRequest>
      EnterOutcome: EnumTypeDefinition
      Entry: MessageTypeDefinition<_flashsale_v1_EntryInput, _flashsale_v1_Entry>
      EntryOfStock: MessageTypeDefinition<_flashsale_v1_EntryOfStockInput, _flashsale_v1_EntryOfStock>
      EntryState: EnumTypeDefinition
      EraseEntryReply: MessageTypeDefinition<_flashsale_v1_EraseEntryReplyInput, _flashsale_v1_EraseEntryReply>
      EraseEntryRequest: MessageTypeDefinition<_flashsale_v1_EraseEntryRequestInput, _flashsale_v1_EraseEntryRequest>
      GetDrawRequest: MessageTypeDefinition<_flashsale_v1_GetDrawRequestInput, _flashsale_v1_GetDrawRequest>
      GetEntriesReply: MessageTypeDefinition<_flashsale_v1_GetEntriesReplyInput, _flashsale_v1_GetEntriesReply>
      GetEntriesRequest: MessageTypeDefinition<_flashsale_v1_GetEntriesRequestInput, _flashsale_v1_GetEntriesRequest>
      ItemFault: MessageTypeDefinition<_flashsale_v1_ItemFaultInput, _flashsale_v1_ItemFault>
      LeaveDrawReply: MessageTypeDefinition<_flashsale_v1_LeaveDrawReplyInput, _flashsale_v1_LeaveDrawReply>
      LeaveDrawRequest: MessageTypeDefinition<_flashsale_v1_LeaveDrawRequestInput, _flashsale_v1_LeaveDrawRequest>
      LeaveOutcome: EnumTypeDefinition
      ListEntryIdsReply: MessageTypeDefinition<_flashsale_v1_ListEntryIdsReplyInput, _flashsale_v1_ListEntryIdsReply>
      ListEntryIdsRequest: MessageTypeDefinition<_flashsale_v1_ListEntryIdsRequestInput, _flashsale_v1_ListEntryIdsRequest>
      VoidAttempt: MessageTypeDefinition<_flashsale_v1_VoidAttemptInput, _flashsale_v1_VoidAttempt>
    }
  }
}

