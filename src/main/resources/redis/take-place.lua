-- Takes one of the places that a caller may have at the same time. A place counts one thing that
-- the caller has, such as an open stream. A place that is not renewed expires, so the places of a
-- crashed pod become free.
-- KEYS: places. ARGV: limit, life in ms, place. Returns 1, or 0 if all places are taken.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
-- A renewal of the pod may have written the place before this script runs.
if not redis.call('ZSCORE', KEYS[1], ARGV[3])
    and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then
  return 0
end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
