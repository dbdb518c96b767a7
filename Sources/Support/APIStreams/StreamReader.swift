internal import APISupport
internal import Coordination
internal import Logging

/// Reads a stream as a member of a group, until it is cancelled.
struct StreamReader {
    let stream: any EntryStream
    let member: StreamEventTransport.Member
    let limits: StreamDeliveryLimits
    let logger: Logger
    let handle: @Sendable (StreamEntry) async -> EventOutcome

    /// - Throws: `CancellationError`.
    func run() async throws {
        var failures = 0
        var nextClaim = ContinuousClock.now
        var hasGroup = false
        while true {
            try Task.checkCancellation()
            do {
                if !hasGroup { try await stream.createGroup(member.group, from: .beginning) }
                hasGroup = true
                if nextClaim <= .now {
                    // More are waiting when the batch is full.
                    let isFull = try await claim(&failures)
                    nextClaim = isFull ? .now : .now + limits.claimInterval
                }
                let batch = try await stream.read(member.group, as: member.name, count: limits.batch, wait: limits.wait)
                if batch.hasGap { logger.error("Events were trimmed before they could be read", metadata: metadata) }
                try await handle(batch.entries, &failures)
            } catch StreamFailure.noGroup {
                hasGroup = false
                try await failed(StreamFailure.noGroup, &failures)
            } catch {
                try Task.checkCancellation()
                try await failed(error, &failures)
            }
        }
    }

    /// Takes over what was left behind.
    ///
    /// - Returns: Whether there may be more.
    private func claim(_ failures: inout Int) async throws -> Bool {
        let claim = try await stream.claim(member.group, as: member.name, idleFor: limits.claimAfter, count: limits.batch)
        if !claim.trimmed.isEmpty {
            logger.error(
                "Events were trimmed before they could be handled", metadata: metadata.merging(["count": "\(claim.trimmed.count)"]) { $1 })
        }
        try await handle(claim.entries, &failures)
        return claim.entries.count == limits.batch
    }

    private func handle(_ entries: [StreamEntry], _ failures: inout Int) async throws {
        for entry in entries {
            try Task.checkCancellation()
            switch await handle(entry) {
            case .accepted:
                failures = 0
            case .rejected(let failure):
                try await setAside(entry, because: failure)
            case .failed(let error) where entry.deliveries >= limits.maximumDeliveries:
                try await setAside(entry, because: error)
            case .failed:
                // It stays pending, and is claimed later.
                failures += 1
                try await Task.sleep(for: limits.pause(afterFailures: failures))
                continue
            }
            try await stream.acknowledge([entry.id], in: member.group)
        }
    }

    /// A dead letter: nobody can handle it now.
    private func setAside(_ entry: StreamEntry, because error: any Error) async throws {
        logger.error(
            "An event is set aside",
            metadata: metadata.merging(["entry": "\(entry.id)", "deliveries": "\(entry.deliveries)", "error": "\(error)"]) { $1 })
        try await member.deadLetters?.append(entry.payload)
    }

    private func failed(_ error: any Error, _ failures: inout Int) async throws {
        failures += 1
        logger.warning("Events cannot be read for now", metadata: metadata.merging(["error": "\(error)", "attempt": "\(failures)"]) { $1 })
        try await Task.sleep(for: limits.pause(afterFailures: failures))
    }

    private var metadata: Logger.Metadata { ["group": "\(member.group)", "member": "\(member.name)"] }
}
