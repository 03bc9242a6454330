import type { Server } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { protoPath as healthProto } from 'grpc-health-check';
import { protoDefinition } from '../../proto/messages/load-protos.ts';

/** Serves reflection, by which grpcurl lists, describes and calls our services and the health check. */
export function addReflection(server: Server): void {
  const described = Object.assign({}, protoDefinition, loadSync(healthProto));
  new ReflectionService(described).addToServer(server);
}
