import { status } from '@grpc/grpc-js';
import { type FaultReason, faultReasons, readFault } from '../../provider/rpc/fault-reasons.ts';

// Numbers of fields in google/protobuf/descriptor.proto, of which the paths of comments consist.
const MESSAGE = 4;
const ENUM = 5;
const SERVICE = 6;
/** Of a message's field, an enum's value and a service's method. */
const PART = 2;

type Named = { name: string };
type Field = Named & { number: number; type: string; typeName?: string; label: string; proto3Optional?: boolean };
type Method = Named & { inputType: string; outputType: string };
type Enum = Named & { value: (Named & { number?: number })[] };
type Location = { path: number[]; leadingComments?: string };
type File = {
  package: string;
  messageType?: (Named & { field?: Field[] })[];
  enumType?: Enum[];
  service?: (Named & { method: Method[] })[];
  sourceCodeInfo: { location: Location[] };
};
/** What buf build writes as JSON, with comments. */
export type ProtoImage = { file: File[] };

const PACKAGE = 'flashsale.v1';

/** docs/grpc.md, from the protos and the table of reasons. Throws where an rpc names no deadline. */
export function grpcPage({ file }: ProtoImage): string {
  const files = file.filter((each) => each.package === PACKAGE);
  const parts = [...files.flatMap(services), ...reasons(), ...files.flatMap(messages), ...files.flatMap(enums)];
  return `# gRPC

\`npm run generate\` writes this page from [proto/flashsale/v1](../proto/flashsale/v1) and
[fault-reasons.ts](../provider/rpc/fault-reasons.ts). How to call it: [API](api.md#grpc).

${parts.join('\n\n')}
`;
}

function services(file: File): string[] {
  return (file.service ?? []).flatMap(({ name, method }, at) => {
    const rows = method.map((rpc, index) => {
      const text = commentOf(file, SERVICE, at, PART, index);
      const [, does = '', deadline] = /^(.*?) *Deadline: ([\d.]+ m?s)\.$/.exec(text) ?? [];
      if (!deadline) throw new Error(`the comment of ${rpc.name} ends with no "Deadline: N s."`);
      return [`**${rpc.name}**`, `${linkOf(rpc.inputType)} → ${linkOf(rpc.outputType)}`, does, deadline];
    });
    const intro = commentOf(file, SERVICE, at);
    return [`## ${name}`, intro, table(['rpc', 'request → reply', 'what it does, and its errors', 'deadline'], rows)];
  });
}

function reasons(): string[] {
  const rows = (Object.keys(faultReasons) as FaultReason[]).map((reason) => {
    const { code, retryMs, meaning } = readFault(reason);
    return [`\`${reason}\``, `\`${status[code]}\``, retryMs === undefined ? '' : `${retryMs / 1000} s`, meaning];
  });
  return [
    '## Errors',
    `A call that fails has [google.rpc.Status](../proto/google/rpc/status.proto) in the trailer \`grpc-status-details-bin\`, with \`ErrorInfo\`
(domain \`flashsale\`, and a reason that is stable), and \`RetryInfo\` where the call can be sent again after that time.`,
    table(['reason', 'status', 'send again after', 'meaning'], rows),
  ];
}

function messages(file: File): string[] {
  return (file.messageType ?? []).flatMap(({ name, field = [] }, at) => {
    const rows = field.map((each, index) => [
      String(each.number),
      `\`${each.name}\``,
      typeOf(each),
      commentOf(file, MESSAGE, at, PART, index),
    ]);
    const intro = commentOf(file, MESSAGE, at);
    return [
      `### ${name}`,
      ...(intro ? [intro] : []),
      rows.length ? table(['no.', 'field', 'type', ''], rows) : 'Empty.',
    ];
  });
}

function enums(file: File): string[] {
  return (file.enumType ?? []).flatMap(({ name, value }, at) => {
    const rows = value.map(({ name: valueName, number = 0 }, index) => [
      String(number),
      `\`${valueName}\``,
      commentOf(file, ENUM, at, PART, index),
    ]);
    const intro = commentOf(file, ENUM, at);
    return [`### ${name}`, ...(intro ? [intro] : []), table(['no.', 'value', ''], rows)];
  });
}

function typeOf({ type, typeName, label, proto3Optional }: Field): string {
  const plain = typeName ? linkOf(typeName) : type.replace('TYPE_', '').toLowerCase();
  if (label === 'LABEL_REPEATED') return `repeated ${plain}`;
  return proto3Optional ? `optional ${plain}` : plain;
}

function linkOf(typeName: string): string {
  const name = typeName.split('.').at(-1) ?? '';
  return `[${name}](#${name.toLowerCase()})`;
}

function commentOf({ sourceCodeInfo }: File, ...path: number[]): string {
  const location = sourceCodeInfo.location.find((each) => String(each.path) === String(path));
  return (location?.leadingComments ?? '').trim().replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
