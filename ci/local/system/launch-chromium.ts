import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../set-up/find-program.mjs';

/** A headless Chromium. Undefined: it is not installed. */
export async function launchChromium(): Promise<Browser | undefined> {
  const executablePath = findChromium();
  if (!executablePath) return undefined;
  // The sandbox does not work for root, and tests in containers run as root. Only pages of this project are opened.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args });
}
