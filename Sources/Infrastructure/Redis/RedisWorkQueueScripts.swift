internal import RedisClient

/// What a queue does on the server in one step. `ARGV[1]` is the time in microseconds, empty: the server's.
///
/// Ids have sixteen digits until the year 2286: as text they have the order of their numbers, which breaks ties in the sorted sets.
enum RedisWorkQueueScripts {
    /// By the names that `prelude` gives them: payloads and attempts by id; ids by when they may be taken, by when their visibility is over, and by
    /// when they died; a stream that those who wait read, to which each change that they should hear of adds an entry; the last id.
    static let keys = ["jobs", "attempts", "waiting", "taken", "dead", "bell", "last"]
    /// Which of `keys` is the bell.
    static let bell = 5

    private static let prelude = """
        local jobs, attempts, waiting, taken, dead, bell, last = unpack(KEYS)
        local now = tonumber(ARGV[1])
        if not now then
            local time = redis.call('TIME')
            now = time[1] * 1000000 + time[2]
        end

        local function text(number) return string.format('%.0f', number) end

        local function ring() redis.call('XADD', bell, 'MAXLEN', 1, '*', 'b', '') end

        local function add(payload)
            local id = text(math.max((tonumber(redis.call('GET', last)) or 0) + 1, now))
            redis.call('SET', last, id)
            redis.call('HSET', jobs, id, payload)
            redis.call('ZADD', waiting, text(now), id)
            ring()
            return id
        end

        local function isFull(capacity) return redis.call('ZCARD', waiting) + redis.call('ZCARD', taken) >= tonumber(capacity) end

        local function remove(id)
            redis.call('HDEL', jobs, id)
            redis.call('HDEL', attempts, id)
        end

        local function bury(id, capacity)
            redis.call('ZREM', taken, id)
            redis.call('ZADD', dead, text(now), id)
            while redis.call('ZCARD', dead) > tonumber(capacity) do remove(redis.call('ZPOPMIN', dead)[1]) end
        end

        -- Whether this taking of a job is the present one.
        local function holds(id, attempt) return redis.call('ZSCORE', taken, id) and redis.call('HGET', attempts, id) == attempt end

        local function job(id) return {id, redis.call('HGET', jobs, id), tonumber(redis.call('HGET', attempts, id))} end

        """

    private static func script(_ body: String) -> RedisScript { RedisScript(prelude + body) }

    static let put = script(
        """
        if isFull(ARGV[2]) then return false end
        return add(ARGV[3])
        """)

    /// The jobs; the bell's last entry; microseconds until there may be a job without the bell's ringing, -1: not at all.
    static let take = script(
        """
        for _, id in ipairs(redis.call('ZRANGEBYSCORE', taken, '-inf', text(now))) do
            if tonumber(redis.call('HGET', attempts, id)) >= tonumber(ARGV[4]) then
                bury(id, ARGV[5])
            else
                redis.call('ZADD', waiting, redis.call('ZSCORE', taken, id), id)
                redis.call('ZREM', taken, id)
            end
        end
        local found = {}
        for index, id in ipairs(redis.call('ZRANGEBYSCORE', waiting, '-inf', text(now), 'LIMIT', 0, ARGV[2])) do
            redis.call('ZREM', waiting, id)
            redis.call('HINCRBY', attempts, id, 1)
            redis.call('ZADD', taken, text(now + ARGV[3]), id)
            found[index] = job(id)
        end
        local next = -1
        for _, key in ipairs({waiting, taken}) do
            local time = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')[2]
            if time and (next < 0 or time - now < next) then next = math.max(0, time - now) end
        end
        local ring = redis.call('XREVRANGE', bell, '+', '-', 'COUNT', 1)[1]
        return {found, ring and ring[1] or '0-0', next}
        """)

    static let extend = script(
        """
        if not holds(ARGV[2], ARGV[3]) then return 0 end
        redis.call('ZADD', taken, text(now + ARGV[4]), ARGV[2])
        return 1
        """)

    static let complete = script(
        """
        if not holds(ARGV[2], ARGV[3]) then return 0 end
        redis.call('ZREM', taken, ARGV[2])
        remove(ARGV[2])
        return 1
        """)

    static let giveBack = script(
        """
        if not holds(ARGV[2], ARGV[3]) then return 0 end
        if tonumber(ARGV[3]) >= tonumber(ARGV[5]) then
            bury(ARGV[2], ARGV[6])
        else
            redis.call('ZREM', taken, ARGV[2])
            redis.call('ZADD', waiting, text(now + ARGV[4]), ARGV[2])
            ring()
        end
        return 1
        """)

    static let deadLetters = script(
        """
        local found = {}
        for index, id in ipairs(redis.call('ZRANGE', dead, 0, ARGV[2] - 1)) do found[index] = job(id) end
        return found
        """)

    /// The new id; nothing when there is no such dead letter, 0 when the queue is full.
    static let revive = script(
        """
        if not redis.call('ZSCORE', dead, ARGV[2]) then return false end
        if isFull(ARGV[3]) then return 0 end
        local id = add(redis.call('HGET', jobs, ARGV[2]))
        redis.call('ZREM', dead, ARGV[2])
        remove(ARGV[2])
        return id
        """)

    static let discard = script(
        """
        if redis.call('ZREM', dead, ARGV[2]) == 0 then return 0 end
        remove(ARGV[2])
        return 1
        """)

    static let counts = script("return {redis.call('ZCARD', waiting), redis.call('ZCARD', taken), redis.call('ZCARD', dead)}")
}
