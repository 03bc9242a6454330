import { readFileSync } from 'node:fs';
import { type CommandParser, defineScript } from 'redis';

function lua(name: string): string {
  return readFileSync(new URL(`lua/${name}.lua`, import.meta.url), 'utf8');
}

/** A script whose first `keys` arguments are keys. node-redis sends its text again when Redis does not have it. */
function script(name: string, keys: number) {
  return defineScript({
    SCRIPT: lua(name),
    NUMBER_OF_KEYS: keys,
    FIRST_KEY_INDEX: 1,
    parseCommand(parser: CommandParser, ...values: string[]) {
      for (const key of values.slice(0, keys)) parser.pushKey(key);
      parser.push(...values.slice(keys));
    },
    transformReply: (reply: number) => reply,
  });
}

/** Like `script`, with a variable number of keys. */
const takeTokens = defineScript({
  SCRIPT: lua('take-tokens'),
  FIRST_KEY_INDEX: 1,
  parseCommand(parser: CommandParser, keys: string[], values: string[]) {
    parser.pushKeysLength(keys);
    parser.push(...values);
  },
  transformReply: (reply: number[]) => reply,
});

/** The scripts in db/redis/lua. The header of each file describes its arguments and its result. */
export const redisScripts = {
  takeToken: script('take-token', 2),
  takeTokens,
  countSoldUnit: script('count-sold-unit', 1),
  refreshCounters: script('refresh-counters', 1),
  startExperiment: script('start-experiment', 5),
  keepExperiment: script('keep-experiment', 2),
  putLoaded: script('put-loaded', 2),
};
