-- Counts a committed order, if the counters have the version that the order was sold on.
-- KEYS[1] the counters   ARGV[1] the version
-- Returns 1 when it counted, 0 when the counters have another version or do not exist.
local counters, version = KEYS[1], ARGV[1]

if redis.call('HGET', counters, 'version') ~= version then
  return 0
end
redis.call('HINCRBY', counters, 'sale', 1)
redis.call('HINCRBY', counters, 'version', 1)
return 1
