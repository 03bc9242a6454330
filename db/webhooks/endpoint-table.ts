import type { Session, Transaction } from '../mysql/database.ts';

export const ENDPOINT_STATES = ['active', 'paused', 'disabled'] as const;
/** `disabled`: the endpoint answered 410. It gets no deliveries until an administrator makes it active again. */
export type EndpointState = (typeof ENDPOINT_STATES)[number];

export type Endpoint = {
  endpointId: number;
  url: string;
  description: string;
  /** Types of the events it gets, such as `order.paid`. Empty: all. */
  events: string[];
  state: EndpointState;
  failures: number;
  createdAtMs: number;
};

export type NewEndpoint = Pick<Endpoint, 'url' | 'description' | 'events'>;
export type EndpointChange = Partial<NewEndpoint> & { state?: 'active' | 'paused' };

/** Each endpoint has its own share of connections in every worker, so their number is limited. */
export const MAX_ENDPOINTS = 20;
/** Secrets that sign at the same time, the current one included. */
export const MAX_SECRETS = 5;
export const OLD_SECRET_HOURS = 24;

type EndpointRow = Omit<Endpoint, 'events' | 'createdAtMs'> & { events: string; createTime: Date };

const COLUMNS = 'id AS endpointId, url, description, events, state, failures, create_time AS createTime';

function toEndpoint({ events, createTime, ...rest }: EndpointRow): Endpoint {
  return { ...rest, events: events === '' ? [] : events.split(','), createdAtMs: createTime.getTime() };
}

export async function listEndpoints(session: Session): Promise<Endpoint[]> {
  return (await session.rows<EndpointRow>(`SELECT ${COLUMNS} FROM webhook_endpoint ORDER BY id`)).map(toEndpoint);
}

export async function readEndpoint(session: Session, endpointId: number): Promise<Endpoint | null> {
  const [row] = await session.rows<EndpointRow>(`SELECT ${COLUMNS} FROM webhook_endpoint WHERE id = ?`, [endpointId]);
  return row ? toEndpoint(row) : null;
}

/**
 * Locks endpoints by ascending id until the end of the transaction. Every change of deliveries holds the lock of their endpoint; this is what
 * keeps the events of an order in their order.
 */
export async function lockEndpoints(transaction: Transaction, endpointIds?: number[]): Promise<Endpoint[]> {
  if (endpointIds?.length === 0) return [];
  const rows = await transaction.rows<EndpointRow>(
    `SELECT ${COLUMNS} FROM webhook_endpoint ${endpointIds ? 'WHERE id IN (?)' : ''} ORDER BY id FOR UPDATE`,
    endpointIds ? [endpointIds] : [],
  );
  return rows.map(toEndpoint);
}

/** Ids of an endpoint and of its newest secret. */
export type EndpointSecret = { endpointId: number; secretId: number };

/** Null: there are too many endpoints. */
export async function insertEndpoint(
  transaction: Transaction,
  { url, description, events }: NewEndpoint,
  encrypted: Buffer,
): Promise<EndpointSecret | null> {
  if ((await lockEndpoints(transaction)).length >= MAX_ENDPOINTS) return null;
  await transaction.change('INSERT INTO webhook_endpoint (url, description, events) VALUES (?, ?, ?)', [
    url,
    description,
    events.join(','),
  ]);
  const endpointId = await readInsertedId(transaction);
  return { endpointId, secretId: await insertSecret(transaction, endpointId, encrypted) };
}

/** False: there is no such endpoint. */
export async function changeEndpoint(
  transaction: Transaction,
  endpointId: number,
  change: EndpointChange,
): Promise<boolean> {
  const [before] = await lockEndpoints(transaction, [endpointId]);
  if (!before) return false;
  const { url, description, events, state } = { ...before, ...change };
  await transaction.change('UPDATE webhook_endpoint SET url = ?, description = ?, events = ?, state = ? WHERE id = ?', [
    url,
    description,
    events.join(','),
    state,
    endpointId,
  ]);
  // A new address, or an endpoint that is active again, is called at once.
  if (url !== before.url || (state === 'active' && before.state !== 'active')) {
    await transaction.change(
      'UPDATE webhook_endpoint SET failures = 0, not_before = NULL, resumed_at = NOW(3) WHERE id = ?',
      [endpointId],
    );
  }
  return true;
}

/** Its deliveries are removed later (purgeDeliveries). False: there is no such endpoint. */
export async function removeEndpoint(transaction: Transaction, endpointId: number): Promise<boolean> {
  await lockEndpoints(transaction, [endpointId]);
  await transaction.change('DELETE FROM webhook_secret WHERE endpoint_id = ?', [endpointId]);
  return (await transaction.change('DELETE FROM webhook_endpoint WHERE id = ?', [endpointId])) === 1;
}

async function readInsertedId(session: Session): Promise<number> {
  const [row] = await session.rows<{ id: number }>('SELECT LAST_INSERT_ID() AS id');
  return Number(row?.id);
}

async function insertSecret(session: Session, endpointId: number, encrypted: Buffer): Promise<number> {
  await session.change('INSERT INTO webhook_secret (endpoint_id, encrypted) VALUES (?, ?)', [endpointId, encrypted]);
  return readInsertedId(session);
}

export type Rotation = EndpointSecret | 'NO_ENDPOINT' | 'TOO_MANY_SECRETS';

/** Makes a secret the current one. Those before it sign too for 24 h. */
export async function rotateSecret(transaction: Transaction, endpointId: number, encrypted: Buffer): Promise<Rotation> {
  const [endpoint] = await lockEndpoints(transaction, [endpointId]);
  if (!endpoint) return 'NO_ENDPOINT';
  await transaction.change('DELETE FROM webhook_secret WHERE endpoint_id = ? AND valid_until <= NOW(3)', [endpointId]);
  if ((await readSecrets(transaction, endpointId)).length >= MAX_SECRETS) return 'TOO_MANY_SECRETS';
  await transaction.change(
    `UPDATE webhook_secret SET valid_until = NOW(3) + INTERVAL ${OLD_SECRET_HOURS} HOUR
     WHERE endpoint_id = ? AND valid_until IS NULL`,
    [endpointId],
  );
  return { endpointId, secretId: await insertSecret(transaction, endpointId, encrypted) };
}

/** Null: it was removed. */
export async function readSecret(session: Session, secretId: number): Promise<Buffer | null> {
  const [row] = await session.rows<{ encrypted: Buffer }>('SELECT encrypted FROM webhook_secret WHERE id = ?', [
    secretId,
  ]);
  return row?.encrypted ?? null;
}

/** The encrypted secrets that sign, the newest first. */
export async function readSecrets(session: Session, endpointId: number): Promise<Buffer[]> {
  const rows = await session.rows<{ encrypted: Buffer }>(
    `SELECT encrypted FROM webhook_secret WHERE endpoint_id = ? AND (valid_until IS NULL OR valid_until > NOW(3))
     ORDER BY id DESC`,
    [endpointId],
  );
  return rows.map(({ encrypted }) => encrypted);
}
