import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { ActorInput as _flashsale_v1_ActorInput, Actor as _flashsale_v1_Actor } from './flashsale/v1/Actor.ts';
import type { CreateWebhookReplyInput as _flashsale_v1_CreateWebhookReplyInput, CreateWebhookReply as _flashsale_v1_CreateWebhookReply } from './flashsale/v1/CreateWebhookReply.ts';
import type { CreateWebhookRequestInput as _flashsale_v1_CreateWebhookRequestInput, CreateWebhookRequest as _flashsale_v1_CreateWebhookRequest } from './flashsale/v1/CreateWebhookRequest.ts';
import type { IdempotentRequestInput as _flashsale_v1_IdempotentRequestInput, IdempotentRequest as _flashsale_v1_IdempotentRequest } from './flashsale/v1/IdempotentRequest.ts';
import type { ListWebhookDeliveriesReplyInput as _flashsale_v1_ListWebhookDeliveriesReplyInput, ListWebhookDeliveriesReply as _flashsale_v1_ListWebhookDeliveriesReply } from './flashsale/v1/ListWebhookDeliveriesReply.ts';
import type { ListWebhookDeliveriesRequestInput as _flashsale_v1_ListWebhookDeliveriesRequestInput, ListWebhookDeliveriesRequest as _flashsale_v1_ListWebhookDeliveriesRequest } from './flashsale/v1/ListWebhookDeliveriesRequest.ts';
import type { ListWebhooksReplyInput as _flashsale_v1_ListWebhooksReplyInput, ListWebhooksReply as _flashsale_v1_ListWebhooksReply } from './flashsale/v1/ListWebhooksReply.ts';
import type { ListWebhooksRequestInput as _flashsale_v1_ListWebhooksRequestInput, ListWebhooksRequest as _flashsale_v1_ListWebhooksRequest } from './flashsale/v1/ListWebhooksRequest.ts';
import type { RemoveWebhookReplyInput as _flashsale_v1_RemoveWebhookReplyInput, RemoveWebhookReply as _flashsale_v1_RemoveWebhookReply } from './flashsale/v1/RemoveWebhookReply.ts';
import type { RemoveWebhookRequestInput as _flashsale_v1_RemoveWebhookRequestInput, RemoveWebhookRequest as _flashsale_v1_RemoveWebhookRequest } from './flashsale/v1/RemoveWebhookRequest.ts';
import type { ReplayWebhookDeliveryRequestInput as _flashsale_v1_ReplayWebhookDeliveryRequestInput, ReplayWebhookDeliveryRequest as _flashsale_v1_ReplayWebhookDeliveryRequest } from './flashsale/v1/ReplayWebhookDeliveryRequest.ts';
import type { RotateWebhookSecretReplyInput as _flashsale_v1_RotateWebhookSecretReplyInput, RotateWebhookSecretReply as _flashsale_v1_RotateWebhookSecretReply } from './flashsale/v1/RotateWebhookSecretReply.ts';
import type { RotateWebhookSecretRequestInput as _flashsale_v1_RotateWebhookSecretRequestInput, RotateWebhookSecretRequest as _flashsale_v1_RotateWebhookSecretRequest } from './flashsale/v1/RotateWebhookSecretRequest.ts';
import type { UpdateWebhookRequestInput as _flashsale_v1_UpdateWebhookRequestInput, UpdateWebhookRequest as _flashsale_v1_UpdateWebhookRequest } from './flashsale/v1/UpdateWebhookRequest.ts';
import type { WebhookInput as _flashsale_v1_WebhookInput, Webhook as _flashsale_v1_Webhook } from './flashsale/v1/Webhook.ts';
import type { WebhookDeliveryInput as _flashsale_v1_WebhookDeliveryInput, WebhookDelivery as _flashsale_v1_WebhookDelivery } from './flashsale/v1/WebhookDelivery.ts';
import type { WebhookEventsInput as _flashsale_v1_WebhookEventsInput, WebhookEvents as _flashsale_v1_WebhookEvents } from './flashsale/v1/WebhookEvents.ts';
import type { WebhookServiceClient as _flashsale_v1_WebhookServiceClient, WebhookServiceDefinition as _flashsale_v1_WebhookServiceDefinition } from './flashsale/v1/WebhookService.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  flashsale: {
    v1: {
      Actor: MessageTypeDefinition<_flashsale_v1_ActorInput, _flashsale_v1_Actor>
      CreateWebhookReply: MessageTypeDefinition<_flashsale_v1_CreateWebhookReplyInput, _flashsale_v1_CreateWebhookReply>
      CreateWebhookRequest: MessageTypeDefinition<_flashsale_v1_CreateWebhookRequestInput, _flashsale_v1_CreateWebhookRequest>
      IdempotentRequest: MessageTypeDefinition<_flashsale_v1_IdempotentRequestInput, _flashsale_v1_IdempotentRequest>
      ListWebhookDeliveriesReply: MessageTypeDefinition<_flashsale_v1_ListWebhookDeliveriesReplyInput, _flashsale_v1_ListWebhookDeliveriesReply>
      ListWebhookDeliveriesRequest: MessageTypeDefinition<_flashsale_v1_ListWebhookDeliveriesRequestInput, _flashsale_v1_ListWebhookDeliveriesRequest>
      ListWebhooksReply: MessageTypeDefinition<_flashsale_v1_ListWebhooksReplyInput, _flashsale_v1_ListWebhooksReply>
      ListWebhooksRequest: MessageTypeDefinition<_flashsale_v1_ListWebhooksRequestInput, _flashsale_v1_ListWebhooksRequest>
      RemoveWebhookReply: MessageTypeDefinition<_flashsale_v1_RemoveWebhookReplyInput, _flashsale_v1_RemoveWebhookReply>
      RemoveWebhookRequest: MessageTypeDefinition<_flashsale_v1_RemoveWebhookRequestInput, _flashsale_v1_RemoveWebhookRequest>
      ReplayWebhookDeliveryRequest: MessageTypeDefinition<_flashsale_v1_ReplayWebhookDeliveryRequestInput, _flashsale_v1_ReplayWebhookDeliveryRequest>
      RotateWebhookSecretReply: MessageTypeDefinition<_flashsale_v1_RotateWebhookSecretReplyInput, _flashsale_v1_RotateWebhookSecretReply>
      RotateWebhookSecretRequest: MessageTypeDefinition<_flashsale_v1_RotateWebhookSecretRequestInput, _flashsale_v1_RotateWebhookSecretRequest>
      UpdateWebhookRequest: MessageTypeDefinition<_flashsale_v1_UpdateWebhookRequestInput, _flashsale_v1_UpdateWebhookRequest>
      Webhook: MessageTypeDefinition<_flashsale_v1_WebhookInput, _flashsale_v1_Webhook>
      WebhookDelivery: MessageTypeDefinition<_flashsale_v1_WebhookDeliveryInput, _flashsale_v1_WebhookDelivery>
      WebhookEvents: MessageTypeDefinition<_flashsale_v1_WebhookEventsInput, _flashsale_v1_WebhookEvents>
      WebhookService: SubtypeConstructor<typeof grpc.Client, _flashsale_v1_WebhookServiceClient> & { service: _flashsale_v1_WebhookServiceDefinition }
    }
  }
}

