import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { OrderRecordInput as _flashsale_v1_OrderRecordInput, OrderRecord as _flashsale_v1_OrderRecord } from './flashsale/v1/OrderRecord.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  flashsale: {
    v1: {
      OrderRecord: MessageTypeDefinition<_flashsale_v1_OrderRecordInput, _flashsale_v1_OrderRecord>
    }
  }
}

