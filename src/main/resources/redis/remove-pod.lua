-- Removes all claims of a pod on a stream, because the pod is dead or shuts down. A claim says that
-- the pod has a client's connection.
-- KEYS: emitters, pods. ARGV: pod.
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  if all[i + 1] == ARGV[1] then
    redis.call('HDEL', KEYS[1], all[i])
  end
end
redis.call('HDEL', KEYS[2], ARGV[1])
return 1
