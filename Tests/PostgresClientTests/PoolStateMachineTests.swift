import Testing

@testable import PostgresClient

/// The pool's decisions, without servers or time.
@Suite("PostgreSQL: the pool's state machine")
struct PoolStateMachineTests {
    private final class Connection: Sendable {}
    private typealias Machine = PostgresPool.StateMachine<Connection, Int>

    private let now = ContinuousClock.now
    private var expiry: ContinuousClock.Instant { now + .seconds(60) }

    private func waiting(_ id: UInt64, deadline: Duration = .seconds(1)) -> Machine.Waiting {
        Machine.Waiting(id: id, waiter: Int(id), since: now, deadline: now + deadline)
    }

    private func connects(_ acquisition: Machine.Acquisition) -> Bool? {
        guard case .wait(let connect) = acquisition else { return nil }
        return connect
    }

    private func handed(_ release: Machine.Release) -> Int? {
        guard case .hand(let waiter, _) = release else { return nil }
        return waiter
    }

    private func reconnects(_ release: Machine.Release) -> Bool? {
        guard case .close(let connect) = release else { return nil }
        return connect
    }

    @Test("Connections are made for those who wait, up to the limit, and handed over in their order")
    func order() {
        var machine = Machine(maximumConnections: 2, maximumWaiters: 10)
        #expect(connects(machine.acquire(waiting(1))) == true)
        #expect(connects(machine.acquire(waiting(2))) == true)
        #expect(connects(machine.acquire(waiting(3))) == false)
        let (first, second) = (Connection(), Connection())
        #expect(handed(machine.connected(first, expiry: expiry, at: now)) == 1)
        #expect(machine.cancel(2) == 2)
        #expect(machine.cancel(2) == nil)
        #expect(handed(machine.connected(second, expiry: expiry, at: now)) == 3)
        #expect(handed(machine.release(first, isUsable: true, at: now)) == nil)
        #expect(machine.idle.count == 1 && machine.leased.count == 1 && machine.connecting == 0)
        guard case .connection(let reused, _)? = machine.acquire() else {
            Issue.record("no connection")
            return
        }
        #expect(reused === first)
    }

    @Test("A broken or old connection is replaced when somebody waits, and only then")
    func replacement() {
        var machine = Machine(maximumConnections: 1, maximumWaiters: 10)
        let connection = Connection()
        #expect(connects(machine.acquire(waiting(1))) == true)
        #expect(handed(machine.connected(connection, expiry: expiry, at: now)) == 1)
        #expect(connects(machine.acquire(waiting(2))) == false)
        #expect(reconnects(machine.release(connection, isUsable: false, at: now)) == true)
        let next = Connection()
        #expect(handed(machine.connected(next, expiry: now, at: now)) == 2)
        #expect(reconnects(machine.release(next, isUsable: true, at: now)) == false)
        #expect(machine.leased.isEmpty && machine.idle.isEmpty && machine.connecting == 0)
        // Given back twice: nothing.
        #expect(reconnects(machine.release(next, isUsable: true, at: now)) == nil)
    }

    @Test("While attempts fail, one is made at a time")
    func failures() {
        var machine = Machine(maximumConnections: 3, maximumWaiters: 10)
        for id in 1...3 { #expect(connects(machine.acquire(waiting(UInt64(id)))) == true) }
        #expect(machine.connectionFailed(CancellationError(), at: now) == false)
        #expect(machine.connectionFailed(CancellationError(), at: now) == false)
        #expect(machine.connectionFailed(CancellationError(), at: now) == true)
        #expect(machine.connecting == 1 && machine.failures == 3)
        #expect(handed(machine.connected(Connection(), expiry: expiry, at: now)) == 1)
        #expect(machine.failures == 0)
        let further = [machine.startConnecting(), machine.startConnecting(), machine.startConnecting()]
        #expect(further == [true, true, false])
    }

    @Test("When no connection can be made nobody waits on, unless one may come back")
    func refusals() {
        var machine = Machine(maximumConnections: 2, maximumWaiters: 10)
        _ = machine.acquire(waiting(1))
        let connection = Connection()
        #expect(handed(machine.connected(connection, expiry: expiry, at: now)) == 1)
        #expect(connects(machine.acquire(waiting(2))) == true)
        #expect(connects(machine.acquire(waiting(3))) == false)
        #expect(machine.giveUpWaiting() == [])
        #expect(machine.connectionFailed(CancellationError(), at: now) == true)
        // It comes back broken.
        #expect(reconnects(machine.release(connection, isUsable: false, at: now)) == false)
        #expect(machine.giveUpWaiting() == [2, 3])
        #expect(machine.connectionFailed(CancellationError(), at: now) == false)
        #expect(machine.waiterCount == 0 && machine.lastFailureTime == now)
    }

    @Test("Time runs out for those who wait the longest; idle connections are retired")
    func time() {
        var machine = Machine(maximumConnections: 2, maximumWaiters: 2)
        _ = machine.acquire(waiting(1, deadline: .seconds(1)))
        _ = machine.acquire(waiting(2, deadline: .seconds(2)))
        guard case .refuse(let error) = machine.acquire(waiting(3)) else {
            Issue.record("not refused")
            return
        }
        #expect(error.code == .tooManyWaiters)
        #expect(machine.expired(at: now) == [])
        #expect(machine.expired(at: now + .seconds(1)) == [1])
        #expect(machine.expired(at: now + .seconds(3)) == [2])
        let (first, second) = (Connection(), Connection())
        _ = machine.connected(first, expiry: expiry, at: now)
        _ = machine.connected(second, expiry: expiry, at: now + .seconds(1))
        #expect(machine.retire(idleBefore: now + .seconds(2), keeping: 1, at: now).first === first)
        #expect(machine.idle.count == 1)
        #expect(machine.retire(idleBefore: now, keeping: 1, at: expiry).first === second)
        let closed = machine.close()
        #expect(closed.waiters.isEmpty && closed.connections.isEmpty)
        guard case .refuse(let closure)? = machine.acquire() else {
            Issue.record("not refused")
            return
        }
        #expect(closure.code == .closed)
    }
}
