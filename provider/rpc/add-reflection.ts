import { readFileSync } from 'node:fs';
import type { Server } from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';

// The loader's own descriptors name map entries in a way that clients in Go refuse, and fields as JSON does.
const DESCRIPTORS = new URL('../../proto/descriptors.binpb', import.meta.url);

/** Serves reflection, by which grpcurl lists, describes and calls our services and the health check. */
export function addReflection(server: Server): void {
  // All that the service reads of a definition.
  const files = { fileDescriptorProtos: splitDescriptors(readFileSync(DESCRIPTORS)) };
  new ReflectionService({ files } as unknown as PackageDefinition).addToServer(server);
}

/** The files of a google.protobuf.FileDescriptorSet: field 1, one after the other, each with its length as a varint. */
function splitDescriptors(set: Buffer): Buffer[] {
  const files: Buffer[] = [];
  let at = 0;
  while (at < set.length) {
    at += 1;
    let length = 0;
    for (let shift = 0, byte = 128; byte >= 128; shift += 7, at += 1) {
      byte = set[at] as number;
      length |= (byte & 127) << shift;
    }
    files.push(set.subarray(at, at + length));
    at += length;
  }
  return files;
}
