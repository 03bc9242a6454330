import { closeSync, fstatSync, ftruncateSync, openSync, readSync, statSync } from 'node:fs';

export type FileFollower = {
  /** Calls `take` for each line that was appended since the last call. A missing file has no lines. */
  look(take: (line: string) => void): void;
  close(): void;
};

const CHUNK_BYTES = 256 * 1024;
/** Maximum for one call; what exceeds it is skipped. */
const MAX_READ_BYTES = 32 * 1024 * 1024;
const MAX_LINE_LENGTH = 4096;

/**
 * Follows a file to which another process appends, from its current end. A file that was replaced or truncated is read from its start.
 * A file that has grown beyond `keepBytes` is emptied after it was read; lines that are written at that moment are lost.
 */
export function followFile(path: string, keepBytes: number): FileFollower {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  let file: { descriptor: number; inode: number } | undefined;
  let position = 0;
  let rest = '';
  let isFirst = true;

  function open(): void {
    const inode = statSync(path, { throwIfNoEntry: false })?.ino;
    if (file && file.inode === inode) return;
    close();
    if (inode !== undefined) {
      const descriptor = openSync(path, 'r+');
      const { size, ino } = fstatSync(descriptor);
      file = { descriptor, inode: ino };
      position = isFirst ? size : 0;
    }
    isFirst = false;
  }

  function close(): void {
    if (file) closeSync(file.descriptor);
    file = undefined;
    rest = '';
  }

  function moveTo(offset: number): void {
    position = offset;
    rest = '';
  }

  function read(descriptor: number, take: (line: string) => void): void {
    const { size } = fstatSync(descriptor);
    if (size < position) moveTo(0);
    if (size - position > MAX_READ_BYTES) moveTo(size);
    while (position < size) {
      const length = readSync(descriptor, buffer, 0, Math.min(buffer.length, size - position), position);
      if (length === 0) break;
      position += length;
      const lines = (rest + buffer.toString('latin1', 0, length)).split('\n');
      rest = (lines.pop() ?? '').slice(0, MAX_LINE_LENGTH);
      for (const line of lines) take(line);
    }
    if (position > keepBytes) {
      ftruncateSync(descriptor, 0);
      moveTo(0);
    }
  }

  return {
    look(take) {
      open();
      if (file) read(file.descriptor, take);
    },
    close,
  };
}
