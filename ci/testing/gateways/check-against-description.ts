import { Ajv2020 } from 'ajv/dist/2020.js';
import { paymentServiceDescription } from '../../../proto/payments/http/payment-service-description.ts';

type Content = { content?: { 'application/json': { schema: { $ref: string } } } };
type Operation = {
  operationId: string;
  parameters: { name: string; description: string }[];
  requestBody?: Content;
  responses: Record<string, Content>;
};
type Description = {
  paths: Record<string, Record<string, Operation>>;
  webhooks: { paymentUpdated: { post: Operation } };
  components: { schemas: Record<string, object> };
};

/** One call of the described service. */
export type DescribedCall = {
  operationId: string;
  paymentId: string;
  /** The form of `webhook-id`, such as `read-{paymentId}`. */
  webhookIdForm: string;
  /** Throws if the body is not as described. */
  checkRequest(body: unknown): void;
  /** Throws if the answer is not as described. */
  checkAnswer(status: number, body: unknown): void;
};

/** Checks the calls and answers of a test server against docs/payment-service.openapi.json. */
export function readPaymentServiceDescription() {
  // The text of the file, which a test of ci/generate compares.
  const description = JSON.parse(JSON.stringify(paymentServiceDescription)) as Description;
  // Formats and examples are not checked.
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const checks = new Map(
    Object.entries(description.components.schemas).map(([name, schema]) => [name, ajv.compile(schema)]),
  );

  function check(what: string, { content }: Content, body: unknown): void {
    const name = content?.['application/json'].schema.$ref.split('/').at(-1);
    if (!name) {
      if (body !== undefined) throw new Error(`${what} has no body`);
      return;
    }
    const isValid = checks.get(name);
    if (!isValid?.(body)) throw new Error(`${what}: ${ajv.errorsText(isValid?.errors)} in ${JSON.stringify(body)}`);
  }

  return {
    /** Null: the service has no such call. */
    find(method: string, path: string): DescribedCall | null {
      const found = /^\/payments\/([A-Za-z0-9_-]{1,100})(\/end|\/refunds)?$/.exec(path);
      if (!found) return null;
      const operation = description.paths[`/payments/{paymentId}${found[2] ?? ''}`]?.[method.toLowerCase()];
      if (!operation) return null;
      const { operationId, requestBody = {}, responses } = operation;
      return {
        operationId,
        paymentId: found[1] ?? '',
        webhookIdForm: operation.parameters[0]?.description.replaceAll('`', '') ?? '',
        checkRequest: (body) => check(`the request ${operationId}`, requestBody, body),
        checkAnswer(status, body) {
          const response = responses[status];
          if (!response) throw new Error(`${operationId} does not answer ${status}`);
          check(`the answer ${status} of ${operationId}`, response, body);
        },
      };
    },
    checkEvent: (body: unknown) => check('the event', description.webhooks.paymentUpdated.post.requestBody ?? {}, body),
  };
}
