-- Counts an amount in windows of time that start with their first count, in all of them or in none.
-- KEYS: windows. ARGV: amount, limit, length in ms.
-- Returns 1 or 0 for granted, and of the fullest window what is used and its rest in ms.
local amount = tonumber(ARGV[1])
local limit = tonumber(ARGV[2])
local length = tonumber(ARGV[3])
local granted = 1
for _, key in ipairs(KEYS) do
  local used = tonumber(redis.call('GET', key) or '0')
  -- An amount above the limit passes when nothing is used, and takes as many windows as it needs.
  if used > 0 and used + amount > limit then
    granted = 0
  end
end
local most = 0
local rest = 0
for _, key in ipairs(KEYS) do
  local used = tonumber(redis.call('GET', key) or '0')
  if granted == 1 then
    used = redis.call('INCRBY', key, ARGV[1])
    if redis.call('PTTL', key) < 0 then
      redis.call('PEXPIRE', key, length * math.max(1, math.ceil(amount / limit)))
    end
  end
  if used > most then
    most = used
    rest = redis.call('PTTL', key)
  end
end
return {granted, most, rest}
