-- Counts a committed order up, if the counters still are of the version it was sold on.
-- KEYS[1] the counters   ARGV[1] that version
-- Returns 1 when it counted, 0 when the counters are of another version or gone.
local counters, version = KEYS[1], ARGV[1]

if redis.call('HGET', counters, 'version') ~= version then
  return 0
end
redis.call('HINCRBY', counters, 'sale', 1)
redis.call('HINCRBY', counters, 'version', 1)
return 1
