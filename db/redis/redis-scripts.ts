import { readFileSync } from 'node:fs';
import { type CommandParser, defineScript } from 'redis';

function lua(name: string): string {
  return readFileSync(new URL(`lua/${name}.lua`, import.meta.url), 'utf8');
}

/** One script: its first `keys` arguments are the keys. node-redis sends it whole again when Redis has forgotten it. */
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

/** Like `script`, with as many keys as there are: half as many as there are numbers. */
const takeTokens = defineScript({
  SCRIPT: lua('take-tokens'),
  FIRST_KEY_INDEX: 1,
  parseCommand(parser: CommandParser, keys: string[], limits: string[]) {
    parser.pushKeysLength(keys);
    parser.push(...limits);
  },
  transformReply: (reply: number[]) => reply,
});

/** Each file of db/redis/lua, with what it takes and returns in its header. */
export const redisScripts = {
  takeToken: script('take-token', 2),
  takeTokens,
  countSoldUnit: script('count-sold-unit', 1),
  refreshCounters: script('refresh-counters', 1),
  startExperiment: script('start-experiment', 5),
  keepExperiment: script('keep-experiment', 2),
  putLoaded: script('put-loaded', 2),
};
