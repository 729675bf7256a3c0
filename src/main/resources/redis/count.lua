-- Counts an amount in a window of time that starts with its first count.
-- KEYS: window. ARGV: amount, limit, length in ms.
-- Returns 1 or 0 for granted, what is used, and the rest of the window in ms.
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
local granted = 0
if used + tonumber(ARGV[1]) <= tonumber(ARGV[2]) then
  granted = 1
  used = redis.call('INCRBY', KEYS[1], ARGV[1])
  if redis.call('PTTL', KEYS[1]) < 0 then
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
  end
end
local rest = redis.call('PTTL', KEYS[1])
if rest < 0 then
  rest = tonumber(ARGV[3])
end
return {granted, used, rest}
