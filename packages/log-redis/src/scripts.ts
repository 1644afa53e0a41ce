import { createHash } from 'node:crypto'

/** A script and what Redis knows it by. */
export interface Script {
  readonly text: string
  readonly hash: string
}

// What all of them begin with. Numbers go through `%.0f`, since Lua's own text of a large one has an exponent.
const common = `
local meta, records, keys = KEYS[1], KEYS[2], KEYS[3]
local function text(number) return string.format('%.0f', number) end

-- The life of the log. One whose records are gone, or not all there, is over: an eviction, a flush of half of it, a hand that deleted a key.
local function life(fresh)
  local found = redis.call('HMGET', meta, 'format', 'epoch', 'first', 'head', 'headTag', 'firstTag')
  if found[1] and tonumber(found[1]) > 1 then error('millrace:newer') end
  local first, head = tonumber(found[3]), tonumber(found[4])
  if found[2] and first and head and redis.call('XLEN', records) == head - first + 1 then
    return { epoch = found[2], first = first, head = head, headTag = found[5] or '', firstTag = found[6] or '' }
  end
  -- Whatever else goes by these names is somebody else's.
  for key, kind in pairs({ [meta] = 'hash', [records] = 'stream', [keys] = 'hash' }) do
    local type = redis.call('TYPE', key).ok
    if type ~= 'none' and type ~= kind then error('millrace:foreign') end
  end
  redis.call('DEL', meta, records, keys)
  redis.call('HSET', meta, 'format', 1, 'epoch', fresh, 'first', 1, 'head', 0, 'headTag', '', 'firstTag', '')
  return { epoch = fresh, first = 1, head = 0, headTag = '', firstTag = '' }
end

local function field(entry, name)
  for index = 1, #entry[2], 2 do
    if entry[2][index] == name then return entry[2][index + 1] end
  end
end

-- The tag of the record at an offset that is held, or was the last one to go; '' where it is not known.
local function tagAt(log, offset)
  if offset == log.head then return log.headTag end
  if offset == log.first - 1 then return log.firstTag end
  local entry = redis.call('XRANGE', records, text(offset), text(offset))[1]
  return entry and field(entry, 'g') or ''
end

-- Forgets what lies below an offset, in pieces, with its keys.
local function forget(log, keepFrom)
  while log.first < keepFrom do
    local entries = redis.call('XRANGE', records, '-', '(' .. text(keepFrom) .. '-0', 'COUNT', 500)
    if #entries == 0 then break end
    local gone = {}
    for _, entry in ipairs(entries) do
      local key = field(entry, 'k')
      if key then gone[#gone + 1] = key end
    end
    if #gone > 0 then redis.call('HDEL', keys, unpack(gone)) end
    log.firstTag = field(entries[#entries], 'g')
    log.first = log.first + #entries
    redis.call('XTRIM', records, 'MINID', text(log.first))
  end
  redis.call('HSET', meta, 'first', text(log.first), 'firstTag', log.firstTag)
end

local function now()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- The first offset of a record that is younger than so many milliseconds: by halves, as the oldest go first.
local function young(log, age)
  local oldest = now() - age
  local low, high = log.first, log.head + 1
  local function isOld(offset)
    local entry = redis.call('XRANGE', records, text(offset), text(offset))[1]
    return entry ~= nil and tonumber(field(entry, 'a')) < oldest
  end
  if low == high or not isOld(low) then return low end
  while low < high do
    local middle = math.floor((low + high) / 2)
    if isOld(middle) then low = middle + 1 else high = middle end
  end
  return low
end

-- Forgets what is too much. By number in batches: one record at each append would cost as much as the append.
local function retain(log, most, age)
  local keepFrom = log.first
  local surplus = log.head - log.first + 1 - most
  if surplus > math.min(100, math.floor(most / 10)) then keepFrom = log.first + surplus end
  if age > 0 then keepFrom = math.max(keepFrom, young(log, age)) end
  if keepFrom > log.first then forget(log, keepFrom) end
end
`

function script(body: string): Script {
  const text = `${common}\n${body}`
  return { text, hash: createHash('sha1').update(text).digest('hex') }
}

/** `epoch tag most age` and for each record seven values, of which the last two may be '-', or '+' and a text. Answers each one's `epoch offset tag`. */
export const appendScript = script(`
local log = life(ARGV[1])
local tag, most, age = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local time = text(now())
local answer = {}
for index = 5, #ARGV, 7 do
  local key, trace = ARGV[index + 5], ARGV[index + 6]
  local known = key ~= '-' and redis.call('HGET', keys, string.sub(key, 2))
  if known then
    answer[#answer + 1] = known
  else
    local head = text(log.head + 1)
    local entry = { 'a', time, 't', ARGV[index], 'e', ARGV[index + 1], 'v', ARGV[index + 2], 'm', ARGV[index + 3], 'd', ARGV[index + 4], 'g', tag }
    local place = head .. '.' .. tag
    if key ~= '-' then
      entry[#entry + 1] = 'k'
      entry[#entry + 1] = string.sub(key, 2)
      redis.call('HSET', keys, string.sub(key, 2), place)
    end
    if trace ~= '-' then
      entry[#entry + 1] = 'r'
      entry[#entry + 1] = string.sub(trace, 2)
    end
    redis.call('XADD', records, head .. '-0', unpack(entry))
    log.head = log.head + 1
    log.headTag = tag
    answer[#answer + 1] = place
  end
end
redis.call('HSET', meta, 'head', text(log.head), 'headTag', log.headTag)
retain(log, most, age)
return { log.epoch, answer }
`)

/** `epoch after limit bytes`. Answers `epoch first head headTag afterTag entries`. */
export const readScript = script(`
local log = life(ARGV[1])
local after, limit, room = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local entries, afterTag = {}, ''
if after >= log.first - 1 and after <= log.head then
  afterTag = tagAt(log, after)
  while #entries < limit and room > 0 and after < log.head do
    local more = redis.call('XRANGE', records, text(after + 1), '+', 'COUNT', math.min(100, limit - #entries))
    if #more == 0 then break end
    for _, entry in ipairs(more) do
      entries[#entries + 1] = entry
      room = room - #field(entry, 'd')
    end
    after = after + #more
  end
end
return { log.epoch, text(log.first), text(log.head), log.headTag, afterTag, entries }
`)

/** `epoch lost.epoch lost.offset lost.tag`. Answers whether the epoch is another one than the lost place's now. */
export const renewScript = script(`
local log = life(ARGV[1])
if log.epoch ~= ARGV[2] then return 1 end
local offset = tonumber(ARGV[3])
if offset < log.first - 1 then return 0 end
if offset <= log.head and (ARGV[4] == '' or tagAt(log, offset) == ARGV[4]) then return 0 end
redis.call('HSET', meta, 'epoch', ARGV[1])
return 1
`)

/** `epoch keepFrom`, or `epoch - most age`. Forgets what lies below, or what is too much. */
export const trimScript = script(`
local log = life(ARGV[1])
if ARGV[2] == '-' then
  retain(log, tonumber(ARGV[3]), tonumber(ARGV[4]))
else
  forget(log, math.min(tonumber(ARGV[2]), log.head + 1))
end
return 1
`)

/** `epoch`. Forgets everything and begins a new life. */
export const restartScript = script(`
redis.call('DEL', meta, records, keys)
life(ARGV[1])
return 1
`)
