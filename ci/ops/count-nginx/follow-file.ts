import { closeSync, fstatSync, ftruncateSync, openSync, readSync, statSync } from 'node:fs';

export type FileFollower = {
  /** Calls `take` for each line that was written since the last look. A file that is not there has none. */
  look(take: (line: string) => void): void;
  close(): void;
};

const CHUNK_BYTES = 256 * 1024;
/** Of one look. What is beyond it is left out: whoever is so far behind counts what comes now. */
const MAX_LOOK_BYTES = 32 * 1024 * 1024;
const LONGEST_LINE = 4096;

/**
 * Follows a file to which another process appends, from its end on. A file that has another one in its place, or has become
 * shorter, is read from its start. One that has grown beyond `keepBytes` is emptied once it is read: what was written in that
 * very moment is lost.
 */
export function followFile(path: string, keepBytes: number): FileFollower {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  let file: { descriptor: number; inode: number } | undefined;
  let position = 0;
  let rest = '';
  let isFirst = true;

  function open(): void {
    const inode = inodeOf(path);
    if (file && file.inode === inode) return;
    close();
    if (inode === undefined) {
      isFirst = false;
      return;
    }
    const descriptor = openSync(path, 'r+');
    const { size, ino } = fstatSync(descriptor);
    file = { descriptor, inode: ino };
    position = isFirst ? size : 0;
    isFirst = false;
  }

  function close(): void {
    if (file) closeSync(file.descriptor);
    file = undefined;
    rest = '';
  }

  function read(descriptor: number, take: (line: string) => void): void {
    const { size } = fstatSync(descriptor);
    if (size < position) {
      position = 0;
      rest = '';
    }
    if (size - position > MAX_LOOK_BYTES) {
      position = size;
      rest = '';
    }
    while (position < size) {
      const length = readSync(descriptor, buffer, 0, Math.min(buffer.length, size - position), position);
      if (length === 0) break;
      position += length;
      const lines = (rest + buffer.toString('latin1', 0, length)).split('\n');
      rest = (lines.pop() ?? '').slice(0, LONGEST_LINE);
      for (const line of lines) take(line);
    }
    if (position > keepBytes) {
      ftruncateSync(descriptor, 0);
      position = 0;
      rest = '';
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

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}
