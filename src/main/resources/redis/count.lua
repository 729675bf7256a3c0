-- Adds an amount to all given time windows, or to none if one of them would exceed the limit. A
-- window starts with the first amount in it.
-- KEYS: windows. ARGV: amount, limit, length in ms.
-- Returns three numbers: 1 if the amount was added or 0 if not, and two on the window with the
-- highest use: the used amount and the remaining time in ms.
local amount = tonumber(ARGV[1])
local limit = tonumber(ARGV[2])
local length = tonumber(ARGV[3])
local granted = 1
for _, key in ipairs(KEYS) do
  local used = tonumber(redis.call('GET', key) or '0')
  -- An amount above the limit is accepted if nothing is used yet. The window then lasts longer.
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
