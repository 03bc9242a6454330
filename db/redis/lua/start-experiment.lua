-- Accepts a request for an experiment: one at a time, and only while a runner exists.
-- KEYS[1] the runner   KEYS[2] the id of the running experiment   KEYS[3] the list of ids   KEYS[4] this experiment
-- KEYS[5] the experiment to delete
-- ARGV[1] its id   ARGV[2] its JSON   ARGV[3] expiry time of the JSON in milliseconds   ARGV[4] milliseconds until it must start
-- ARGV[5] the new list of ids
-- Returns 1 when it was accepted, 0 when another experiment runs, -1 when there is no runner.
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
