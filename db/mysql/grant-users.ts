import { connectMysql } from './connect-mysql.ts';
import { createDatabase, type Session } from './database.ts';

type Right = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';
type Rights = Record<string, readonly Right[]>;

/** Rights of the processes: no DDL, DELETE only on stocks without orders, with their draws, and on webhooks, nothing on the tables of the migrations. */
const PROCESS_RIGHTS: Rights = {
  stock: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  stock_order: ['SELECT', 'INSERT', 'UPDATE'],
  payment: ['SELECT', 'INSERT', 'UPDATE'],
  payment_event: ['SELECT', 'INSERT'],
  kept_payment: ['SELECT', 'INSERT', 'UPDATE'],
  order_event: ['SELECT', 'INSERT', 'UPDATE'],
  event_mark: ['SELECT', 'INSERT', 'UPDATE'],
  sale_mark: ['SELECT', 'INSERT', 'UPDATE'],
  sale_second: ['SELECT', 'INSERT', 'UPDATE'],
  audit_job: ['SELECT', 'UPDATE'],
  audit_round: ['SELECT', 'UPDATE'],
  admin_action: ['SELECT', 'INSERT'],
  webhook_endpoint: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  webhook_secret: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  webhook_delivery: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  idempotent_request: ['SELECT', 'INSERT', 'UPDATE'],
  draw: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  entry: ['SELECT', 'INSERT', 'UPDATE'],
};
/** Procedures that the processes call. They run with the caller's rights. */
const PROCESS_PROCEDURES = ['confirm_orders', 'confirm_rush_orders'];
/** Rights of `npm run purge`. */
const PURGE_RIGHTS: Rights = {
  stock: ['SELECT'],
  stock_order: ['SELECT', 'DELETE'],
  order_event: ['SELECT', 'DELETE'],
  sale_mark: ['SELECT', 'DELETE'],
  sale_second: ['SELECT', 'DELETE'],
  idempotent_request: ['SELECT', 'DELETE'],
};

const STATEMENT_MS = 10_000;

export type GrantedUsers = {
  /** mysql://user:password@host:port/database of a user that may create users and grant rights. */
  adminUrl: string;
  /** The URL of the processes' user. */
  processUrl: string;
  /** The URL of the user for purge. Empty: none. */
  purgeUrl: string;
  /** True: no right is revoked, because processes of a later release, which is being undone, still use theirs. */
  keepsRights?: boolean;
};

/**
 * Creates the users of the processes and of purge, or sets their passwords, and limits their rights on the database to what they need.
 * The tables must exist. A running process never lacks a right: grants come before revokes.
 */
export async function grantUsers({ adminUrl, processUrl, purgeUrl, keepsRights }: GrantedUsers): Promise<void> {
  const mysql = connectMysql({ url: adminUrl, maxConnections: 1, acquireDeadlineMs: 10_000 });
  const admin = userOf(adminUrl).name;
  try {
    await createDatabase({ mysql, statementMs: STATEMENT_MS }).session(async (session) => {
      await grantUser(session, admin, processUrl, PROCESS_RIGHTS);
      for (const procedure of PROCESS_PROCEDURES) {
        await session.change(`GRANT EXECUTE ON PROCEDURE \`${procedure}\` TO ?@'%'`, [userOf(processUrl).name]);
      }
      if (purgeUrl) await grantUser(session, admin, purgeUrl, PURGE_RIGHTS);
      if (keepsRights) return;
      await revokeOthers(session, userOf(processUrl).name, PROCESS_RIGHTS);
      if (purgeUrl) await revokeOthers(session, userOf(purgeUrl).name, PURGE_RIGHTS);
    });
  } finally {
    await mysql.destroy();
  }
}

async function grantUser(session: Session, admin: string, url: string, rights: Rights): Promise<void> {
  const { name, password } = userOf(url);
  if (name === admin) throw new Error(`MYSQL_ADMIN_URL: '${name}' is also a user whose rights are to be limited`);
  await session.change(`CREATE USER IF NOT EXISTS ?@'%' IDENTIFIED BY ?`, [name, password]);
  await session.change(`ALTER USER ?@'%' IDENTIFIED BY ?`, [name, password]);
  for (const [table, wanted] of Object.entries(rights)) {
    await session.change(`GRANT ${wanted.join(', ')} ON \`${table}\` TO ?@'%'`, [name]);
  }
}

/** Revokes all other rights, such as those on the whole database that the MySQL image grants to its MYSQL_USER. */
async function revokeOthers(session: Session, name: string, rights: Rights): Promise<void> {
  const grantee = `'${name}'@'%'`;
  const [global] = await session.rows<{ privilege: string }>(
    `SELECT PRIVILEGE_TYPE AS privilege FROM information_schema.USER_PRIVILEGES
     WHERE GRANTEE = ? AND PRIVILEGE_TYPE <> 'USAGE' LIMIT 1`,
    [grantee],
  );
  // Revoking a global right could lock an administrator out.
  if (global) throw new Error(`MySQL user '${name}' has ${global.privilege} on the whole server: use another user`);
  const [whole] = await session.rows<{ schema: string }>(
    `SELECT TABLE_SCHEMA AS \`schema\` FROM information_schema.SCHEMA_PRIVILEGES
     WHERE GRANTEE = ? AND REPLACE(TABLE_SCHEMA, '\\\\', '') = DATABASE() LIMIT 1`,
    [grantee],
  );
  if (whole) await session.change(`REVOKE ALL PRIVILEGES ON \`${whole.schema}\`.* FROM ?@'%'`, [name]);
  const held = await session.rows<{ table: string; privilege: string }>(
    `SELECT TABLE_NAME AS \`table\`, PRIVILEGE_TYPE AS privilege FROM information_schema.TABLE_PRIVILEGES
     WHERE GRANTEE = ? AND TABLE_SCHEMA = DATABASE()`,
    [grantee],
  );
  for (const { table, privilege } of held) {
    if ((rights[table] as readonly string[] | undefined)?.includes(privilege)) continue;
    await session.change(`REVOKE ${privilege} ON \`${table}\` FROM ?@'%'`, [name]);
  }
}

function userOf(url: string): { name: string; password: string } {
  const { username, password } = new URL(url);
  const name = decodeURIComponent(username);
  if (!/^[\w.-]{1,32}$/.test(name)) throw new Error(`'${name}' is not a valid user name (letters, digits, _ . -)`);
  return { name, password: decodeURIComponent(password) };
}
