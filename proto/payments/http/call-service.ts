import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { signWebhook } from '../../messages/sign-webhook.ts';
import { readAnswer } from '../../process/read-answer.ts';

export type ServiceOptions = {
  /** The base URL of the shop's payment service. */
  url: string;
  /** A list (parseSecretKeys): the current secret signs. */
  secret: string;
};

export type ServiceCall = {
  method: 'GET' | 'PUT' | 'POST';
  path: string;
  /** The header `webhook-id`. It is signed, and it names the call, so that a signed call cannot be used for another one. */
  id: string;
  body?: object;
  deadlineMs: number;
};

/** Far more than an answer needs: a payment with 100 refunds has 20 kB. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Calls the service. Rejects unless the answer is a 2xx of this schema within the deadline; what the call did is then unknown. */
export async function callService<Schema extends TSchema>(
  { url, secret }: ServiceOptions,
  { method, path, id, body, deadlineMs }: ServiceCall,
  schema: Schema,
): Promise<Static<Schema>> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...signWebhook(secret, id, text),
    },
    ...(body !== undefined && { body: text }),
    redirect: 'error',
    signal: AbortSignal.timeout(deadlineMs),
  });
  // The deadline of the call covers it.
  const answer = await readAnswer(response, MAX_ANSWER_BYTES, 'the payment service');
  if (!response.ok) throw new Error(`the payment service answered ${method} ${path} with ${response.status}`);
  const value = parse(answer);
  if (!Value.Check(schema, value)) {
    const [wrong] = Value.Errors(schema, value);
    const where = wrong ? `: ${wrong.instancePath || 'it'} ${wrong.message}` : '';
    throw new Error(
      `the payment service answered ${method} ${path} with a body that its description does not allow${where}`,
    );
  }
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
