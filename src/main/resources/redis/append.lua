-- Appends an event to the log of its stream, if its ID is higher than the last ID of the log.
-- KEYS: events, pods. ARGV: ID, type, data, position, size of the log, life in ms, name, delivery,
-- key. Pods of the previous version know only the first three fields, in this order.
-- Returns the outcome, followed by the pods that have emitters of the stream. An emitter is a
-- client's connection.
local added = redis.pcall('XADD', KEYS[1], 'MAXLEN', '=', ARGV[5], ARGV[1],
    'type', ARGV[2], 'data', ARGV[3], 'position', ARGV[4],
    'name', ARGV[7], 'delivery', ARGV[8], 'key', ARGV[9])
local outcome = 'appended'
if type(added) == 'table' and added.err then
  if not string.find(added.err, 'equal or smaller', 1, true) then
    return added
  end
  -- The same event may come twice: a client repeats a command after its connection broke, and any
  -- pod may publish the final event.
  local same = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
  if same and same[2][2] == ARGV[2] and same[2][4] == ARGV[3] then
    outcome = 'already-there'
  else
    return { 'fenced' }
  end
end
redis.call('PEXPIRE', KEYS[1], ARGV[6])
local answer = redis.call('HKEYS', KEYS[2])
table.insert(answer, 1, outcome)
return answer
