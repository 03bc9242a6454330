import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Test } from 'tap';
import { topicEventSchemas, webhookEventSchemas } from '../../../order-worker/events/order-event-schemas.ts';

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
const validators = (schemas: typeof topicEventSchemas | typeof webhookEventSchemas) =>
  new Map(schemas.map(({ type, schema }): [string, ReturnType<typeof ajv.compile>] => [type, ajv.compile(schema)]));
const [topic, webhook] = [validators(topicEventSchemas), validators(webhookEventSchemas)];

function check(t: Test, known: typeof topic, texts: string[]): void {
  for (const text of texts) {
    const event = JSON.parse(text);
    const validate = known.get(event.type);
    t.ok(validate?.(event), `${event.type} is as described: ${ajv.errorsText(validate?.errors)}`);
  }
}

/** Every record of the topic is as docs/events.asyncapi.json says. */
export function checkTopicEvents(t: Test, records: { value: Buffer | null }[]): void {
  check(
    t,
    topic,
    records.map(({ value }) => String(value)),
  );
}

/** Every body of a webhook is as docs/events.asyncapi.json says. */
export function checkWebhookEvents(t: Test, bodies: string[]): void {
  check(t, webhook, bodies);
}
