-- Appends an event to its stream's log, unless its ID is not above the log's end.
-- KEYS: events, pods. ARGV: ID, type, data, position, size of the log, life in ms, name, delivery,
-- key. The version before knows the first three fields, in this order.
-- Answers what became of it, then the pods that hold emitters of the stream.
local added = redis.pcall('XADD', KEYS[1], 'MAXLEN', '=', ARGV[5], ARGV[1],
    'type', ARGV[2], 'data', ARGV[3], 'position', ARGV[4],
    'name', ARGV[7], 'delivery', ARGV[8], 'key', ARGV[9])
local outcome = 'appended'
if type(added) == 'table' and added.err then
  if not string.find(added.err, 'equal or smaller', 1, true) then
    return added
  end
  -- The very same event again: a command that the client repeated after its connection broke, or
  -- the final event, which any pod may publish.
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
