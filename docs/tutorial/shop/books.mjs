import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const FILE = 'books.json';

/** What the shop must never forget: its stock, its payments, and the events it was sent. A real shop has a database. */
export const books = read();

function read() {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8'));
  } catch {
    return { sid: null, webhookSecret: null, payments: {}, events: {} };
  }
}

/** Call it after a change and before the answer. */
export function saveBooks() {
  writeFileSync(`${FILE}.new`, JSON.stringify(books, null, 2));
  renameSync(`${FILE}.new`, FILE);
}
