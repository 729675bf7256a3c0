-- Writes the places of a caller again, so that they do not expire. After Redis was emptied, this
-- restores them. A place counts one thing that the caller has, such as an open stream.
-- KEYS: places. ARGV: life in ms, then the places. Returns 1.
local time = redis.call('TIME')
local expiry = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]
for i = 2, #ARGV do
  redis.call('ZADD', KEYS[1], expiry, ARGV[i])
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
