import type { ReceivedSpan } from './start-trace-receiver.ts';

/** A span and those below it, a line for each: its process and name. Siblings by their name. */
export function treeOf(spans: ReceivedSpan[], { service, name, spanId }: ReceivedSpan): string[] {
  const children = spans.filter((span) => span.parentSpanId === spanId).sort((a, b) => a.name.localeCompare(b.name));
  const inner = children.flatMap((child) => treeOf(spans, child).map((line) => `  ${line}`));
  return [`${service.replace('flash-sale-', '')}: ${name}`, ...inner];
}
