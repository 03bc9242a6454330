import type { Session } from '../mysql/database.ts';

export const ADMIN_ACTIONS = [
  'createStock',
  'updateStock',
  'removeStock',
  'refundOrder',
  'refundStock',
  'cancelOrder',
  'exportOrders',
  'startAudit',
  'cancelAudit',
  'startExperiment',
  'createWebhook',
  'updateWebhook',
  'removeWebhook',
  'rotateWebhookSecret',
  'replayWebhookDelivery',
  'eraseEntry',
] as const;
export type ActionName = (typeof ADMIN_ACTIONS)[number];

/** The person who makes a change. */
export type Actor = {
  /** Of the token: 1 to 255 visible ASCII characters. */
  subject: string;
  /** The roles that allow the call. */
  roles: string[];
  /** Of the HTTP request. */
  requestId: string;
};

export type NewAction = {
  actor: Actor;
  action: ActionName;
  /** The id of a stock, an experiment, a webhook or its delivery, or an order number. */
  target: string;
  /** JSON object, at most MAX_DETAIL characters. */
  detail: string;
};
/** A row of `admin_action`. Rows are never changed. `atMs`: milliseconds since 1970 (UTC), by the database's clock. */
export type AdminAction = NewAction & { actionId: number; atMs: number };

/** In characters. */
export const MAX_DETAIL = 2000;

/** Records who made a change, in the transaction of the change. */
export type RecordChange = (session: Session, target: string) => Promise<void>;

/** For changes that are not made by a person. */
export const recordNothing: RecordChange = async () => undefined;

export async function insertAction(session: Session, { actor, action, target, detail }: NewAction): Promise<void> {
  await session.change('INSERT INTO admin_action (subject, roles, action, target, detail, request_id) VALUES (?)', [
    [actor.subject, actor.roles.join(','), action, target, detail, actor.requestId],
  ]);
}

type Row = Pick<AdminAction, 'actionId' | 'action' | 'target' | 'detail'> & {
  at: Date;
  subject: string;
  roles: string;
  requestId: string;
};

/** `sid`: only actions on this stock and its orders; 0: all. */
export type ActionSearch = { sid: number; beforeId: number; limit: number };

/** Actions whose target is neither a stock nor an order. Ids of webhooks may equal those of stocks. */
const OF_OTHERS = [
  'startExperiment',
  'createWebhook',
  'updateWebhook',
  'removeWebhook',
  'rotateWebhookSecret',
  'replayWebhookDelivery',
] as const satisfies ActionName[];

/** Newest first. `beforeId`: the last id of the previous page; 0: the first page. */
export async function listActions(session: Session, { sid, beforeId, limit }: ActionSearch): Promise<AdminAction[]> {
  // An order number begins with the id of its stock.
  const ofStock = sid > 0 ? '(target = ? OR target LIKE ?) AND action NOT IN (?) AND' : '';
  const rows = await session.rows<Row>(
    `SELECT id AS actionId, at, subject, roles, action, target, detail, request_id AS requestId FROM admin_action
     WHERE ${ofStock} id < ? ORDER BY id DESC LIMIT ?`,
    [...(sid > 0 ? [String(sid), `${sid}-%`, OF_OTHERS] : []), beforeId || Number.MAX_SAFE_INTEGER, limit],
  );
  return rows.map(({ at, subject, roles, requestId, ...rest }) => ({
    ...rest,
    atMs: at.getTime(),
    actor: { subject, roles: roles.split(','), requestId },
  }));
}
