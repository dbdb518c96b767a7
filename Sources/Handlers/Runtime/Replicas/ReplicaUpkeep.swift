import Logging

/// What a replica does besides its sessions: it renews its leases, gives up those that end, and looks for turns whose replica is gone.
struct ReplicaUpkeep: Sendable {
    let registry: SessionRegistry
    let streams: ForwardedStreams

    private var environment: SessionEnvironment { registry.environment }
    private var duration: Duration { environment.configuration.sessionLease }
    /// Between two rounds. Also where leases last longer, those of sessions that nobody uses are given back soon.
    private var interval: Duration { min(duration / 3, .seconds(5)) }

    /// Runs until the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await every(interval) { await renew() } }
            group.addTask { await watch() }
            group.addTask { await every(min(duration, .seconds(15))) { await sweep() } }
        }
    }

    /// A round of renewals, which has to end before the next one begins: what hangs is asked again then.
    private func renew() async {
        let end = registry.uptime + interval
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await registry.renewLeases()
                await streams.endThoseOfLostLeases(registry.leases, logger: environment.logger)
            }
            group.addTask {
                // The only error is the cancellation of this wait, when the round has ended.
                do { try await environment.clock.sleep(until: end) } catch { return }
            }
            await group.next()
            group.cancelAll()
        }
    }

    /// Ends sessions at the end of their leases, whatever has become of the renewals.
    private func watch() async {
        while !Task.isCancelled {
            await registry.dropExpiredLeases()
            // A lease that is taken meanwhile ends later than this.
            let next = registry.uptime + interval
            do { try await environment.clock.sleep(until: min(registry.earliestEnd ?? next, next)) } catch { return }
        }
    }

    private func sweep() async {
        do {
            let count = try await registry.sweep()
            if count > 0 { environment.logger.notice("Sessions were interrupted in a turn", metadata: ["count": "\(count)"]) }
        } catch is CancellationError {
            return
        } catch {
            environment.logger.warning("Interrupted sessions cannot be looked for", metadata: ["error": "\(error)"])
        }
    }

    private func every(_ period: Duration, _ body: () async -> Void) async {
        var due = registry.uptime + period
        while true {
            do { try await environment.clock.sleep(until: due) } catch { return }
            await body()
            // However long it took, and without making up for what was slept through.
            due = max(due + period, registry.uptime)
        }
    }
}
