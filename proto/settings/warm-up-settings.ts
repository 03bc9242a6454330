import { Type } from 'typebox';

export const warmUpSettings = {
  WARM_UP: Type.Enum(['on', 'off'], {
    default: 'on',
    description: 'on: a process exercises its own order path after its start, and is ready after that; docs/operate.md',
  }),
};
