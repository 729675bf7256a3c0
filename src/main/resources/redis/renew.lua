-- Writes all claims of a pod on the emitters of a stream again. An emitter is a client's
-- connection, and a claim says which pod has it. After Redis was emptied, this restores the claims.
-- KEYS: emitters, pods, events, restart. ARGV: pod, life in ms, then the IDs of all its emitters.
-- Returns the number of claims that were missing, the last ID of the log or '', the mark of the
-- stream's last restart or '', and then the pods that have emitters.
local ours = {}
local added = 0
for i = 3, #ARGV do
  ours[ARGV[i]] = true
  added = added + redis.call('HSET', KEYS[1], ARGV[i], ARGV[1])
end
local count = #ARGV - 2
local before = tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or '0')
if before + added ~= count then
  -- Removes claims of this pod on emitters that it no longer has.
  local all = redis.call('HGETALL', KEYS[1])
  for i = 1, #all, 2 do
    if all[i + 1] == ARGV[1] and not ours[all[i]] then
      redis.call('HDEL', KEYS[1], all[i])
    end
  end
end
if count > 0 then
  redis.call('HSET', KEYS[2], ARGV[1], count)
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  redis.call('PEXPIRE', KEYS[2], ARGV[2])
else
  redis.call('HDEL', KEYS[2], ARGV[1])
end
local last = redis.call('XREVRANGE', KEYS[3], '+', '-', 'COUNT', 1)[1]
local answer = redis.call('HKEYS', KEYS[2])
table.insert(answer, 1, redis.call('GET', KEYS[4]) or '')
table.insert(answer, 1, last and last[1] or '')
table.insert(answer, 1, tostring(added))
return answer
