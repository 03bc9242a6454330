-- Takes a wish for an experiment: only one at a time, and only where a runner is there to take it up.
-- KEYS[1] the runner   KEYS[2] the one that runs   KEYS[3] the list of ids   KEYS[4] this experiment   KEYS[5] one to be dropped
-- ARGV[1] its id   ARGV[2] its JSON   ARGV[3] milliseconds that it is kept   ARGV[4] milliseconds in which it must be taken up
-- ARGV[5] the list of ids with it
-- Returns 1 when it was taken, 0 when another one runs, -1 when there is no runner.
local runner, running, ids, experiment, dropped = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id, json, keptMs, claimMs, list = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

if not redis.call('GET', runner) then
  return -1
end
if not redis.call('SET', running, id, 'NX', 'PX', claimMs) then
  return 0
end
redis.call('DEL', dropped)
redis.call('SET', experiment, json, 'PX', keptMs)
redis.call('SET', ids, list, 'PX', keptMs)
return 1
