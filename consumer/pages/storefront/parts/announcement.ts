import { signal } from '@preact/signals';
import type { TextName } from './texts.ts';

/** For screen readers. */
export const announcement = signal<{ sid: string; text: TextName } | null>(null);
