-- Stores the progress of an experiment, if it is still the running one.
-- KEYS[1] the id of the running experiment   KEYS[2] this experiment
-- ARGV[1] its id   ARGV[2] its JSON   ARGV[3] expiry time of the JSON in milliseconds
-- ARGV[4] milliseconds until the next call must follow, 0 when the experiment has ended
-- Returns 1 when it was stored, 0 when the experiment is no longer the running one.
local running, experiment = KEYS[1], KEYS[2]
local id, json, keptMs, claimMs = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

if redis.call('GET', running) ~= id then
  return 0
end
redis.call('SET', experiment, json, 'PX', keptMs)
if claimMs > 0 then
  redis.call('PEXPIRE', running, claimMs)
else
  redis.call('DEL', running)
end
return 1
