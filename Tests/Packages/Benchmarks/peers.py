"""The clients that store-benchmark is measured beside: asyncpg with uvloop, and redis-py's asyncio with hiredis. Run by scripts/bench-stores.

    peers.py select|copy|executemany POSTGRES-URL SECONDS|ROUNDS
    peers.py get|set REDIS-URL SECONDS

Prints what store-benchmark prints: a line of JSON.
"""
import asyncio
import datetime
import json
import random
import resource
import sys
import time

KEYS = 100_000


def cpu_time():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def concurrently(callers, seconds, body):
    async def caller(end, keys):
        count = 0
        while time.monotonic() < end:
            await body(int(keys.random() * KEYS) + 1)
            count += 1
        return count

    async def run(seconds):
        start, cpu = time.monotonic(), cpu_time()
        counts = await asyncio.gather(*(caller(start + seconds, random.Random(number)) for number in range(callers)))
        return {"operations": sum(counts), "seconds": time.monotonic() - start, "cpu": cpu_time() - cpu}

    await run(min(1, seconds / 4))
    return await run(seconds)


async def select(url, seconds):
    import asyncpg

    async with asyncpg.create_pool(url, min_size=8, max_size=8) as pool:

        async def body(key):
            assert len(await pool.fetchval("SELECT value FROM items WHERE id = $1", key)) == 32

        return await concurrently(16, seconds, body)


async def insert(how, url, rounds):
    import asyncpg

    start = datetime.datetime.fromtimestamp(1_764_000_000, datetime.timezone.utc)
    rows = [(key, f"row {key} of the benchmark", key / 4, start + datetime.timedelta(seconds=key)) for key in range(1, 10_001)]
    connection = await asyncpg.connect(url)
    measure = {"operations": 0, "seconds": 0, "cpu": 0}
    times = []
    for round_ in range(rounds + 1):
        await connection.execute("TRUNCATE copied")
        begin, cpu = time.monotonic(), cpu_time()
        if how == "copy":
            await connection.copy_records_to_table("copied", records=rows, columns=["id", "name", "amount", "at"])
        else:
            await connection.executemany("INSERT INTO copied (id, name, amount, at) VALUES ($1, $2, $3, $4)", rows)
        if round_:
            measure["operations"] += len(rows)
            times.append(time.monotonic() - begin)
            measure["cpu"] += cpu_time() - cpu
    measure["seconds"] = sorted(times)[len(times) // 2] * rounds
    await connection.close()
    return measure


async def redis_commands(command, url, seconds):
    import redis.asyncio

    # A connection a caller: the client pipelines only what is put together by hand.
    pool = redis.asyncio.ConnectionPool.from_url(url, max_connections=64)
    client = redis.asyncio.Redis(connection_pool=pool)

    async def body(key):
        if command == "get":
            assert len(await client.get(f"key:{key}")) == 16
        else:
            await client.set(f"key:{key}", b"0123456789abcdef")

    try:
        return await concurrently(64, seconds, body)
    finally:
        await client.aclose()
        await pool.disconnect()


def main():
    import uvloop

    command, url, number = sys.argv[1], sys.argv[2], float(sys.argv[3])
    work = {
        "select": lambda: select(url, number),
        "copy": lambda: insert("copy", url, int(number)),
        "executemany": lambda: insert("executemany", url, int(number)),
        "get": lambda: redis_commands("get", url, number),
        "set": lambda: redis_commands("set", url, number),
    }[command]
    print(json.dumps(uvloop.run(work())))


main()
