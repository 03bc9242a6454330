import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { grpcPage, type ProtoImage } from './grpc-page.ts';
import { runBuf } from './run-buf.ts';

// Writes what is made of the protos: proto/descriptors.binpb, which reflection serves, and docs/grpc.md. With --check only checks whether
// they are up to date.

const descriptors = build('--as-file-descriptor-set', '--exclude-source-info', '--output', '-');
const image = JSON.parse(String(build('--output', '-#format=json'))) as ProtoImage;

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
write('proto/descriptors.binpb', descriptors);
write('docs/grpc.md', Buffer.from(grpcPage(image)));

function write(path: string, bytes: Buffer): void {
  const target = new URL(`../../${path}`, import.meta.url);
  if (!values.check) writeFileSync(target, bytes);
  else if (!readFileSync(target).equals(bytes)) {
    console.error(`${path} is out of date: run npm run generate`);
    process.exitCode = 1;
  }
}

function build(...options: string[]): Buffer {
  const { passed, output, text } = runBuf('build', 'proto', ...options);
  if (!passed) throw new Error(`buf build: ${text}`);
  return output;
}
