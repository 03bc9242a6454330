// Original file: proto/flashsale/v1/webhook.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CreateWebhookReplyInput as _flashsale_v1_CreateWebhookReplyInput, CreateWebhookReply as _flashsale_v1_CreateWebhookReply } from '../../flashsale/v1/CreateWebhookReply.ts';
import type { CreateWebhookRequestInput as _flashsale_v1_CreateWebhookRequestInput, CreateWebhookRequest as _flashsale_v1_CreateWebhookRequest } from '../../flashsale/v1/CreateWebhookRequest.ts';
import type { ListWebhookDeliveriesReplyInput as _flashsale_v1_ListWebhookDeliveriesReplyInput, ListWebhookDeliveriesReply as _flashsale_v1_ListWebhookDeliveriesReply } from '../../flashsale/v1/ListWebhookDeliveriesReply.ts';
import type { ListWebhookDeliveriesRequestInput as _flashsale_v1_ListWebhookDeliveriesRequestInput, ListWebhookDeliveriesRequest as _flashsale_v1_ListWebhookDeliveriesRequest } from '../../flashsale/v1/ListWebhookDeliveriesRequest.ts';
import type { ListWebhooksReplyInput as _flashsale_v1_ListWebhooksReplyInput, ListWebhooksReply as _flashsale_v1_ListWebhooksReply } from '../../flashsale/v1/ListWebhooksReply.ts';
import type { ListWebhooksRequestInput as _flashsale_v1_ListWebhooksRequestInput, ListWebhooksRequest as _flashsale_v1_ListWebhooksRequest } from '../../flashsale/v1/ListWebhooksRequest.ts';
import type { RemoveWebhookReplyInput as _flashsale_v1_RemoveWebhookReplyInput, RemoveWebhookReply as _flashsale_v1_RemoveWebhookReply } from '../../flashsale/v1/RemoveWebhookReply.ts';
import type { RemoveWebhookRequestInput as _flashsale_v1_RemoveWebhookRequestInput, RemoveWebhookRequest as _flashsale_v1_RemoveWebhookRequest } from '../../flashsale/v1/RemoveWebhookRequest.ts';
import type { ReplayWebhookDeliveryRequestInput as _flashsale_v1_ReplayWebhookDeliveryRequestInput, ReplayWebhookDeliveryRequest as _flashsale_v1_ReplayWebhookDeliveryRequest } from '../../flashsale/v1/ReplayWebhookDeliveryRequest.ts';
import type { RotateWebhookSecretReplyInput as _flashsale_v1_RotateWebhookSecretReplyInput, RotateWebhookSecretReply as _flashsale_v1_RotateWebhookSecretReply } from '../../flashsale/v1/RotateWebhookSecretReply.ts';
import type { RotateWebhookSecretRequestInput as _flashsale_v1_RotateWebhookSecretRequestInput, RotateWebhookSecretRequest as _flashsale_v1_RotateWebhookSecretRequest } from '../../flashsale/v1/RotateWebhookSecretRequest.ts';
import type { UpdateWebhookRequestInput as _flashsale_v1_UpdateWebhookRequestInput, UpdateWebhookRequest as _flashsale_v1_UpdateWebhookRequest } from '../../flashsale/v1/UpdateWebhookRequest.ts';
import type { WebhookInput as _flashsale_v1_WebhookInput, Webhook as _flashsale_v1_Webhook } from '../../flashsale/v1/Webhook.ts';
import type { WebhookDeliveryInput as _flashsale_v1_WebhookDeliveryInput, WebhookDelivery as _flashsale_v1_WebhookDelivery } from '../../flashsale/v1/WebhookDelivery.ts';

export interface WebhookServiceClient extends grpc.Client {
  CreateWebhook(argument: _flashsale_v1_CreateWebhookRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateWebhookReply>): grpc.ClientUnaryCall;
  CreateWebhook(argument: _flashsale_v1_CreateWebhookRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_CreateWebhookReply>): grpc.ClientUnaryCall;
  CreateWebhook(argument: _flashsale_v1_CreateWebhookRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateWebhookReply>): grpc.ClientUnaryCall;
  CreateWebhook(argument: _flashsale_v1_CreateWebhookRequestInput, callback: grpc.requestCallback<_flashsale_v1_CreateWebhookReply>): grpc.ClientUnaryCall;
  createWebhook(argument: _flashsale_v1_CreateWebhookRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateWebhookReply>): grpc.ClientUnaryCall;
  createWebhook(argument: _flashsale_v1_CreateWebhookRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_CreateWebhookReply>): grpc.ClientUnaryCall;
  createWebhook(argument: _flashsale_v1_CreateWebhookRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_CreateWebhookReply>): grpc.ClientUnaryCall;
  createWebhook(argument: _flashsale_v1_CreateWebhookRequestInput, callback: grpc.requestCallback<_flashsale_v1_CreateWebhookReply>): grpc.ClientUnaryCall;
  
  ListWebhookDeliveries(argument: _flashsale_v1_ListWebhookDeliveriesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListWebhookDeliveriesReply>): grpc.ClientUnaryCall;
  ListWebhookDeliveries(argument: _flashsale_v1_ListWebhookDeliveriesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_ListWebhookDeliveriesReply>): grpc.ClientUnaryCall;
  ListWebhookDeliveries(argument: _flashsale_v1_ListWebhookDeliveriesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListWebhookDeliveriesReply>): grpc.ClientUnaryCall;
  ListWebhookDeliveries(argument: _flashsale_v1_ListWebhookDeliveriesRequestInput, callback: grpc.requestCallback<_flashsale_v1_ListWebhookDeliveriesReply>): grpc.ClientUnaryCall;
  listWebhookDeliveries(argument: _flashsale_v1_ListWebhookDeliveriesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListWebhookDeliveriesReply>): grpc.ClientUnaryCall;
  listWebhookDeliveries(argument: _flashsale_v1_ListWebhookDeliveriesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_ListWebhookDeliveriesReply>): grpc.ClientUnaryCall;
  listWebhookDeliveries(argument: _flashsale_v1_ListWebhookDeliveriesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListWebhookDeliveriesReply>): grpc.ClientUnaryCall;
  listWebhookDeliveries(argument: _flashsale_v1_ListWebhookDeliveriesRequestInput, callback: grpc.requestCallback<_flashsale_v1_ListWebhookDeliveriesReply>): grpc.ClientUnaryCall;
  
  ListWebhooks(argument: _flashsale_v1_ListWebhooksRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListWebhooksReply>): grpc.ClientUnaryCall;
  ListWebhooks(argument: _flashsale_v1_ListWebhooksRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_ListWebhooksReply>): grpc.ClientUnaryCall;
  ListWebhooks(argument: _flashsale_v1_ListWebhooksRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListWebhooksReply>): grpc.ClientUnaryCall;
  ListWebhooks(argument: _flashsale_v1_ListWebhooksRequestInput, callback: grpc.requestCallback<_flashsale_v1_ListWebhooksReply>): grpc.ClientUnaryCall;
  listWebhooks(argument: _flashsale_v1_ListWebhooksRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListWebhooksReply>): grpc.ClientUnaryCall;
  listWebhooks(argument: _flashsale_v1_ListWebhooksRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_ListWebhooksReply>): grpc.ClientUnaryCall;
  listWebhooks(argument: _flashsale_v1_ListWebhooksRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_ListWebhooksReply>): grpc.ClientUnaryCall;
  listWebhooks(argument: _flashsale_v1_ListWebhooksRequestInput, callback: grpc.requestCallback<_flashsale_v1_ListWebhooksReply>): grpc.ClientUnaryCall;
  
  RemoveWebhook(argument: _flashsale_v1_RemoveWebhookRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RemoveWebhookReply>): grpc.ClientUnaryCall;
  RemoveWebhook(argument: _flashsale_v1_RemoveWebhookRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_RemoveWebhookReply>): grpc.ClientUnaryCall;
  RemoveWebhook(argument: _flashsale_v1_RemoveWebhookRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RemoveWebhookReply>): grpc.ClientUnaryCall;
  RemoveWebhook(argument: _flashsale_v1_RemoveWebhookRequestInput, callback: grpc.requestCallback<_flashsale_v1_RemoveWebhookReply>): grpc.ClientUnaryCall;
  removeWebhook(argument: _flashsale_v1_RemoveWebhookRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RemoveWebhookReply>): grpc.ClientUnaryCall;
  removeWebhook(argument: _flashsale_v1_RemoveWebhookRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_RemoveWebhookReply>): grpc.ClientUnaryCall;
  removeWebhook(argument: _flashsale_v1_RemoveWebhookRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RemoveWebhookReply>): grpc.ClientUnaryCall;
  removeWebhook(argument: _flashsale_v1_RemoveWebhookRequestInput, callback: grpc.requestCallback<_flashsale_v1_RemoveWebhookReply>): grpc.ClientUnaryCall;
  
  ReplayWebhookDelivery(argument: _flashsale_v1_ReplayWebhookDeliveryRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_WebhookDelivery>): grpc.ClientUnaryCall;
  ReplayWebhookDelivery(argument: _flashsale_v1_ReplayWebhookDeliveryRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_WebhookDelivery>): grpc.ClientUnaryCall;
  ReplayWebhookDelivery(argument: _flashsale_v1_ReplayWebhookDeliveryRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_WebhookDelivery>): grpc.ClientUnaryCall;
  ReplayWebhookDelivery(argument: _flashsale_v1_ReplayWebhookDeliveryRequestInput, callback: grpc.requestCallback<_flashsale_v1_WebhookDelivery>): grpc.ClientUnaryCall;
  replayWebhookDelivery(argument: _flashsale_v1_ReplayWebhookDeliveryRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_WebhookDelivery>): grpc.ClientUnaryCall;
  replayWebhookDelivery(argument: _flashsale_v1_ReplayWebhookDeliveryRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_WebhookDelivery>): grpc.ClientUnaryCall;
  replayWebhookDelivery(argument: _flashsale_v1_ReplayWebhookDeliveryRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_WebhookDelivery>): grpc.ClientUnaryCall;
  replayWebhookDelivery(argument: _flashsale_v1_ReplayWebhookDeliveryRequestInput, callback: grpc.requestCallback<_flashsale_v1_WebhookDelivery>): grpc.ClientUnaryCall;
  
  RotateWebhookSecret(argument: _flashsale_v1_RotateWebhookSecretRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RotateWebhookSecretReply>): grpc.ClientUnaryCall;
  RotateWebhookSecret(argument: _flashsale_v1_RotateWebhookSecretRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_RotateWebhookSecretReply>): grpc.ClientUnaryCall;
  RotateWebhookSecret(argument: _flashsale_v1_RotateWebhookSecretRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RotateWebhookSecretReply>): grpc.ClientUnaryCall;
  RotateWebhookSecret(argument: _flashsale_v1_RotateWebhookSecretRequestInput, callback: grpc.requestCallback<_flashsale_v1_RotateWebhookSecretReply>): grpc.ClientUnaryCall;
  rotateWebhookSecret(argument: _flashsale_v1_RotateWebhookSecretRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RotateWebhookSecretReply>): grpc.ClientUnaryCall;
  rotateWebhookSecret(argument: _flashsale_v1_RotateWebhookSecretRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_RotateWebhookSecretReply>): grpc.ClientUnaryCall;
  rotateWebhookSecret(argument: _flashsale_v1_RotateWebhookSecretRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_RotateWebhookSecretReply>): grpc.ClientUnaryCall;
  rotateWebhookSecret(argument: _flashsale_v1_RotateWebhookSecretRequestInput, callback: grpc.requestCallback<_flashsale_v1_RotateWebhookSecretReply>): grpc.ClientUnaryCall;
  
  UpdateWebhook(argument: _flashsale_v1_UpdateWebhookRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_Webhook>): grpc.ClientUnaryCall;
  UpdateWebhook(argument: _flashsale_v1_UpdateWebhookRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_Webhook>): grpc.ClientUnaryCall;
  UpdateWebhook(argument: _flashsale_v1_UpdateWebhookRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_Webhook>): grpc.ClientUnaryCall;
  UpdateWebhook(argument: _flashsale_v1_UpdateWebhookRequestInput, callback: grpc.requestCallback<_flashsale_v1_Webhook>): grpc.ClientUnaryCall;
  updateWebhook(argument: _flashsale_v1_UpdateWebhookRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_Webhook>): grpc.ClientUnaryCall;
  updateWebhook(argument: _flashsale_v1_UpdateWebhookRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_flashsale_v1_Webhook>): grpc.ClientUnaryCall;
  updateWebhook(argument: _flashsale_v1_UpdateWebhookRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_flashsale_v1_Webhook>): grpc.ClientUnaryCall;
  updateWebhook(argument: _flashsale_v1_UpdateWebhookRequestInput, callback: grpc.requestCallback<_flashsale_v1_Webhook>): grpc.ClientUnaryCall;
  
}

export interface WebhookServiceHandlers extends grpc.UntypedServiceImplementation {
  CreateWebhook: grpc.handleUnaryCall<_flashsale_v1_CreateWebhookRequest, _flashsale_v1_CreateWebhookReplyInput>;
  
  ListWebhookDeliveries: grpc.handleUnaryCall<_flashsale_v1_ListWebhookDeliveriesRequest, _flashsale_v1_ListWebhookDeliveriesReplyInput>;
  
  ListWebhooks: grpc.handleUnaryCall<_flashsale_v1_ListWebhooksRequest, _flashsale_v1_ListWebhooksReplyInput>;
  
  RemoveWebhook: grpc.handleUnaryCall<_flashsale_v1_RemoveWebhookRequest, _flashsale_v1_RemoveWebhookReplyInput>;
  
  ReplayWebhookDelivery: grpc.handleUnaryCall<_flashsale_v1_ReplayWebhookDeliveryRequest, _flashsale_v1_WebhookDeliveryInput>;
  
  RotateWebhookSecret: grpc.handleUnaryCall<_flashsale_v1_RotateWebhookSecretRequest, _flashsale_v1_RotateWebhookSecretReplyInput>;
  
  UpdateWebhook: grpc.handleUnaryCall<_flashsale_v1_UpdateWebhookRequest, _flashsale_v1_WebhookInput>;
  
}

export interface WebhookServiceDefinition extends grpc.ServiceDefinition {
  CreateWebhook: MethodDefinition<_flashsale_v1_CreateWebhookRequestInput, _flashsale_v1_CreateWebhookReplyInput, _flashsale_v1_CreateWebhookRequest, _flashsale_v1_CreateWebhookReply>
  ListWebhookDeliveries: MethodDefinition<_flashsale_v1_ListWebhookDeliveriesRequestInput, _flashsale_v1_ListWebhookDeliveriesReplyInput, _flashsale_v1_ListWebhookDeliveriesRequest, _flashsale_v1_ListWebhookDeliveriesReply>
  ListWebhooks: MethodDefinition<_flashsale_v1_ListWebhooksRequestInput, _flashsale_v1_ListWebhooksReplyInput, _flashsale_v1_ListWebhooksRequest, _flashsale_v1_ListWebhooksReply>
  RemoveWebhook: MethodDefinition<_flashsale_v1_RemoveWebhookRequestInput, _flashsale_v1_RemoveWebhookReplyInput, _flashsale_v1_RemoveWebhookRequest, _flashsale_v1_RemoveWebhookReply>
  ReplayWebhookDelivery: MethodDefinition<_flashsale_v1_ReplayWebhookDeliveryRequestInput, _flashsale_v1_WebhookDeliveryInput, _flashsale_v1_ReplayWebhookDeliveryRequest, _flashsale_v1_WebhookDelivery>
  RotateWebhookSecret: MethodDefinition<_flashsale_v1_RotateWebhookSecretRequestInput, _flashsale_v1_RotateWebhookSecretReplyInput, _flashsale_v1_RotateWebhookSecretRequest, _flashsale_v1_RotateWebhookSecretReply>
  UpdateWebhook: MethodDefinition<_flashsale_v1_UpdateWebhookRequestInput, _flashsale_v1_WebhookInput, _flashsale_v1_UpdateWebhookRequest, _flashsale_v1_Webhook>
}
