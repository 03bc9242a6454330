-- Keeps how far the experiment has come, if it still is the one that runs.
-- KEYS[1] the one that runs   KEYS[2] this experiment
-- ARGV[1] its id   ARGV[2] its JSON   ARGV[3] milliseconds that it is kept
-- ARGV[4] milliseconds in which it must be kept again, 0 when it has ended
-- Returns 1 when it was kept, 0 when it is not the one that runs any more.
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
