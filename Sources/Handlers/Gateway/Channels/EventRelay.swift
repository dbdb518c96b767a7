import APISupport
import GatewayAPI
import Logging
import RuntimeAPI

/// Sends the runtime's events to the client. The next event is read when the client has taken the frame before it: a slow client slows the relay,
/// and the runtime drops a reader that is too slow. A stream that ends is taken up again behind the last event that was sent.
struct EventRelay: Sendable {
    let source: SessionEvents
    let mapping: FrameMapping
    let retryDelays: [Duration]
    let connection: Channels.Session.ServerConnection
    let turns: RunningTurns
    let logger: Logger

    /// Relays `first` and what follows it. Throws ``SessionEnd`` when there will be no more events, `WebSocketClosed` when the client is gone.
    func run(_ first: EventStream<RuntimeAPI.Schemas.SessionEvent>) async throws {
        var progress = Progress()
        try await relay(first, &progress)
        /// Whether the client has to be told that events were lost.
        var haveBeenLost = false
        /// Whether the next try needs no wait: the runtime has answered.
        var isAtOnce = false
        while true {
            // A stream that gave nothing may have ended at once, and would again: the wait keeps that from turning into a storm.
            guard progress.attempts < retryDelays.count else { throw SessionEnd.runtimeLost }
            if !isAtOnce { try await Task.sleep(for: retryDelays[progress.attempts]) }
            isAtOnce = false
            progress.attempts += 1
            do {
                let events = try await source.subscribe(after: progress.lastEventID)
                // Told only now that new ones are heard: whatever the client does when it knows, it hears of.
                let isToldOfLoss = haveBeenLost
                if isToldOfLoss { try await connection.send(.eventsLost) }
                haveBeenLost = false
                // Without an event there is no place to resume at: what happened since a turn began is lost.
                if progress.lastEventID == nil, turns.mayRun { try await tellOfTurns(isToldOfLoss: isToldOfLoss) }
                try await relay(events, &progress)
            } catch is SessionEvents.Gone {
                progress.lastEventID = nil
                haveBeenLost = true
                isAtOnce = true
            } catch let failure as RequestFailure where failure.code == .unavailable {
                logger.warning(
                    "the session's events cannot be heard", metadata: ["cause": "\(failure.cause.map { "\($0)" } ?? failure.detail)"])
            }
        }
    }

    private struct Progress {
        var lastEventID: String?
        /// Tries since the last event.
        var attempts = 0
    }

    /// Tells the client of the turns that it takes for running, when they are not: it would wait for their end in vain. When they are, or one may just
    /// have begun, it hears that events were lost: a tool that it was asked for may be among them. Called when new ones are heard already.
    private func tellOfTurns(isToldOfLoss: Bool) async throws {
        let state = try await source.state()
        guard state != .running, !turns.isBeginning else {
            if !isToldOfLoss { try await connection.send(.eventsLost) }
            return
        }
        for turnID in turns.all.sorted() {
            let failed =
                switch state {
                case .interrupted:
                    RuntimeAPI.Schemas.TurnFailed(
                        turnID: turnID, code: .interrupted, message: "The service stopped during the turn.", retryable: true)
                default:
                    RuntimeAPI.Schemas.TurnFailed(
                        turnID: turnID, code: .eventsLost, message: "The turn has ended; what it said is in the session's history.",
                        retryable: false)
                }
            if let frame = mapping.frame(for: .turnFailed(failed)) { try await connection.send(frame) }
            turns.end(turnID)
        }
    }

    /// Relays one stream to its end, in good order or not.
    private func relay(_ events: EventStream<RuntimeAPI.Schemas.SessionEvent>, _ progress: inout Progress) async throws {
        var iterator = events.makeAsyncIterator()
        while let event = try await next(&iterator) {
            progress.attempts = 0
            turns.willTell(event.data)
            if let frame = mapping.frame(for: event.data) { try await connection.send(frame) }
            turns.didTell(event.data)
            progress.lastEventID = event.id ?? progress.lastEventID
        }
    }

    /// The next event; nil at the end of the stream, also at one that broke: both are taken up again.
    private func next(
        _ iterator: inout EventStream<RuntimeAPI.Schemas.SessionEvent>.Iterator
    ) async throws -> ServerSentEvent<RuntimeAPI.Schemas.SessionEvent>? {
        do {
            return try await iterator.next()
        } catch let error as CancellationError {
            throw error
        } catch {
            try Task.checkCancellation()
            logger.info("the session's event stream broke", metadata: ["cause": "\(error)"])
            return nil
        }
    }
}

extension RuntimeAPI.Schemas.TurnFailedCode {
    /// The gateway's own: how the turn ended is not known here.
    fileprivate static let eventsLost = Self(rawValue: "events_lost")
}
