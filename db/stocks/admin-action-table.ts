import type { Session } from '../mysql/database.ts';

export const ADMIN_ACTIONS = [
  'createStock',
  'updateStock',
  'removeStock',
  'refundOrder',
  'exportOrders',
  'startAudit',
  'cancelAudit',
  'startExperiment',
] as const;
export type ActionName = (typeof ADMIN_ACTIONS)[number];

/** Who changes something by hand. */
export type Actor = {
  /** Of the token: 1 to 255 visible ASCII characters. */
  subject: string;
  /** Those that allow the call. */
  roles: string[];
  /** Of the HTTP request. */
  requestId: string;
};

export type NewAction = {
  actor: Actor;
  action: ActionName;
  /** Of a stock or an experiment the id, of an order the number. */
  target: string;
  /** JSON object, at most MAX_DETAIL characters. */
  detail: string;
};
/** A row of `admin_action`, which is only added to. `atMs`: milliseconds since 1970 (UTC), of the database's clock. */
export type AdminAction = NewAction & { actionId: number; atMs: number };

/** Characters. */
export const MAX_DETAIL = 2000;

/** Writes who made a change, in the transaction of the change: with its COMMIT, or not at all. */
export type RecordChange = (session: Session, target: string) => Promise<void>;

/** For changes that no person makes by the API. */
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

/** Newest first. `beforeId`: the last one of the page before; 0: the first page. */
export async function listActions(session: Session, beforeId: number, limit: number): Promise<AdminAction[]> {
  const rows = await session.rows<Row>(
    `SELECT id AS actionId, at, subject, roles, action, target, detail, request_id AS requestId FROM admin_action
     WHERE id < ? ORDER BY id DESC LIMIT ?`,
    [beforeId || Number.MAX_SAFE_INTEGER, limit],
  );
  return rows.map(({ at, subject, roles, requestId, ...rest }) => ({
    ...rest,
    atMs: at.getTime(),
    actor: { subject, roles: roles.split(','), requestId },
  }));
}
