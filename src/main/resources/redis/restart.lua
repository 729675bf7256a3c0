-- Empties the log of a stream. After PostgreSQL was restored from a backup, the events of the
-- stream are numbered from a lower ID again. Does nothing if the log has got new events.
-- A log that has expired in the meantime counts as emptied. Watchers that have seen its events need
-- the mark, too.
-- KEYS: events, restart. ARGV: the log's last ID as the caller knows it, a new mark, life in ms.
-- Returns 1 if the log is empty now, otherwise 0.
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if last and last[1] ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
return 1
