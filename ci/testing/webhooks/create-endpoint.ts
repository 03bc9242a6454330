import { randomBytes } from 'node:crypto';
import type { Database } from '../../../db/mysql/database.ts';
import { encryptSecret } from '../../../db/webhooks/encrypt-secret.ts';
import { insertEndpoint } from '../../../db/webhooks/endpoint-table.ts';
import { testEnvironment } from '../clients/create-token.ts';

/** Inserts an endpoint for all types of events, or for `events`. */
export async function createEndpoint(database: Database, url: string, events: string[] = []) {
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  const created = await database.transaction((transaction) =>
    insertEndpoint(
      transaction,
      { url, description: '', events },
      encryptSecret(testEnvironment.WEBHOOK_KEY ?? '', secret),
    ),
  );
  if (created === null) throw new Error('too many endpoints');
  return { endpointId: created.endpointId, secret };
}
