-- Adds or removes a pod's claims on single emitters of a stream. An emitter is a client's
-- connection, and a claim says which pod has it.
-- KEYS: emitters, pods, restart. ARGV: pod, life in ms, then emitter IDs, each after '+' (add) or
-- '-' (remove).
-- Returns the mark of the stream's last restart, or '' if there is none.
local change = 0
for i = 3, #ARGV do
  local emitter = string.sub(ARGV[i], 2)
  if string.sub(ARGV[i], 1, 1) == '+' then
    change = change + redis.call('HSET', KEYS[1], emitter, ARGV[1])
  else
    change = change - redis.call('HDEL', KEYS[1], emitter)
  end
end
if redis.call('HINCRBY', KEYS[2], ARGV[1], change) <= 0 then
  redis.call('HDEL', KEYS[2], ARGV[1])
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return redis.call('GET', KEYS[3]) or ''
