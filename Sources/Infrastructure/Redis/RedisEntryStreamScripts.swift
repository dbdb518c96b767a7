internal import RedisClient

/// What a stream does on the server in one step.
enum RedisEntryStreamScripts {
    /// The id of the last entry that was ever appended; that of one that is trimmed, too.
    private static let last = """
        local function last(key)
            if redis.call('EXISTS', key) == 0 then return '0-0' end
            local information = redis.call('XINFO', 'STREAM', key)
            for index = 1, #information, 2 do
                if information[index] == 'last-generated-id' then return information[index + 1] end
            end
        end

        """

    static let lastID = RedisScript(last + "return last(KEYS[1])")

    /// Ids whose numbers follow one another, so that what is missing is noticed. Lua's numbers hold them exactly up to 2^53.
    static let append = RedisScript(
        last + """
            local time = redis.call('TIME')
            local milliseconds, number = string.match(last(KEYS[1]), '^(%d+)%-(%d+)$')
            milliseconds = math.max(tonumber(milliseconds), time[1] * 1000 + math.floor(time[2] / 1000))
            local ids = {}
            for index = 2, #ARGV do
                number = number + 1
                local id = string.format('%.0f-%.0f', milliseconds, number)
                ids[index - 1] = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], id, 'p', ARGV[index])
            end
            return ids
            """)

    /// A group of a stream, by name, or nothing; and how many groups there are.
    private static let group = """
        local function group(key, name)
            if redis.call('EXISTS', key) == 0 then return nil, 0 end
            local groups = redis.call('XINFO', 'GROUPS', key)
            for _, fields in ipairs(groups) do
                local found = {}
                for index = 1, #fields, 2 do found[fields[index]] = fields[index + 1] end
                if found['name'] == name then return found, #groups end
            end
            return nil, #groups
        end

        """

    /// From the beginning is: behind the entry before the first one that is kept, so that what was trimmed is nobody's gap.
    static let createGroup = RedisScript(
        group + """
            local found, count = group(KEYS[1], ARGV[1])
            if found then return 1 end
            if count >= tonumber(ARGV[3]) then return 0 end
            local start = ARGV[2]
            if start == '' then
                local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
                if first then
                    local milliseconds, number = string.match(first[1], '^(%d+)%-(%d+)$')
                    start = string.format('%s-%.0f', milliseconds, math.max(0, number - 1))
                else
                    start = '$'
                end
            end
            redis.call('XGROUP', 'CREATE', KEYS[1], ARGV[1], start, 'MKSTREAM')
            return 1
            """)

    /// 0: no group; 1: too many pending; else what the group had had before, and the entries.
    static let read = RedisScript(
        group + """
            local found = group(KEYS[1], ARGV[1])
            if not found then return 0 end
            local count = math.min(tonumber(ARGV[3]), tonumber(ARGV[4]) - found['pending'])
            if count <= 0 then return 1 end
            local reply = redis.call('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', count, 'STREAMS', KEYS[1], '>')
            return {found['last-delivered-id'], reply and reply[1] and reply[1][2] or {}}
            """)

    /// 0: no group; else where to go on, the entries, how often each was delivered, and the ids of those that are trimmed. The first call of a
    /// round forgets consumers that have nothing and have not been heard of for an hour.
    static let claim = RedisScript(
        group + """
            if not group(KEYS[1], ARGV[1]) then return 0 end
            if ARGV[4] == '0-0' then
                for _, fields in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
                    local consumer = {}
                    for index = 1, #fields, 2 do consumer[fields[index]] = fields[index + 1] end
                    if consumer['pending'] == 0 and consumer['idle'] > 3600000 then
                        redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], consumer['name'])
                    end
                end
            end
            local reply = redis.call('XAUTOCLAIM', KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4], 'COUNT', ARGV[5])
            local deliveries = {}
            for index, entry in ipairs(reply[2]) do
                deliveries[index] = redis.call('XPENDING', KEYS[1], ARGV[1], entry[1], entry[1], 1)[1][4]
            end
            return {reply[1], reply[2], deliveries, reply[3]}
            """)
}
