import { type Static, Type } from 'typebox';
import { quicknet } from '../proto/draws/quicknet.ts';
import { offerSettings } from '../proto/settings/order-path-settings.ts';
import { SettingsError } from '../proto/settings/read-settings.ts';
import { drawKeySettings } from '../proto/settings/signing-settings.ts';
import type { DrawOptions } from './rpc/draw-options.ts';

/** Settings of draws and lines. */
export const drawSettings = {
  DRAWS: Type.Enum(['on', 'off'], {
    default: 'off',
    description:
      'on: stocks may have a draw or a line, and a rush that is sold out gets a line. Requires DRAW_KEY. Only when all processes run a release that knows draws',
  }),
  ...drawKeySettings,
  DRAW_BEACON: Type.Enum(['off', 'quicknet'], {
    default: 'off',
    description:
      'quicknet: the places of new draws depend on public randomness of drand, so that the shop cannot choose the outcome. The order-worker needs to reach it',
  }),
  LINE_WINDOW: Type.Integer({
    minimum: 1,
    maximum: 86_400,
    default: 600,
    description: 'Who joins the line of a rush within this time of the first one is drawn by lot with the others',
    unit: 's',
  }),
  ...offerSettings,
};

const schema = Type.Object(drawSettings);
type DrawConfig = Static<typeof schema>;

/** Throws a SettingsError. */
export function checkDrawSettings({ DRAWS, DRAW_KEY }: DrawConfig): void {
  if (DRAWS === 'on' && DRAW_KEY === '')
    throw new SettingsError('DRAWS=on requires DRAW_KEY: 64 hexadecimal characters');
}

export function readDrawOptions({ DRAWS, DRAW_KEY, DRAW_BEACON, LINE_WINDOW, OFFER_WITHIN }: DrawConfig): DrawOptions {
  return {
    isOn: DRAWS === 'on',
    drawKey: DRAW_KEY,
    beacon: DRAW_BEACON === 'quicknet' ? quicknet : null,
    lineWindowMs: LINE_WINDOW * 1000,
    offerWithinMs: OFFER_WITHIN * 1000,
  };
}
