import APISupport
import Logging
import Tracing

/// The turn's task: stores and announces what has happened, then does what the state machine waits for.
extension LiveSession {
    /// Drives the turn to its end.
    ///
    /// When the task is cancelled (the service stops) the session stays marked as running in the repository; whoever has it next marks it as
    /// interrupted.
    func drive() async {
        guard let machine = turn?.machine else { return }
        let span = TurnSpans.turn(machine, in: id)
        defer { span.end() }
        turn?.span = span
        await ServiceContext.withValue(span.context) { await advance() }
    }

    private func advance() async {
        let gauge = TurnGauge()
        defer { gauge.end() }
        while turn != nil {
            guard await storeAndAnnounce(), let running = turn else { return }
            gauge.follow(running.machine)
            if Task.isCancelled { return interrupt() }
            switch running.machine.state {
            case .callingModel: await callModel()
            case .awaitingClient: await waitForClient(of: running)
            case .finished: turn = nil
            }
        }
    }

    /// Stores what waits, each batch in one transaction, and announces it.
    ///
    /// - Returns: Whether the turn goes on.
    private func storeAndAnnounce() async -> Bool {
        while let effects = turn?.takeOutbox(), !effects.isEmpty {
            let isFinished = turn?.machine.state == .finished
            if isFinished || effects.isLasting {
                let change = SessionChange(
                    messages: effects.messages, switches: effects.switches, state: isFinished ? .idle : nil,
                    events: domainEvents(effects, correlationID: turn?.machine.turnID ?? id),
                    date: environment.clock.moment().date
                )
                do {
                    try await environment.repository.record(change, in: id, fencingToken: fencingToken)
                } catch {
                    await giveUp(error)
                    return false
                }
                RuntimeMetrics.shared.record(effects.occurrences)
                TurnSpans.record(effects.occurrences)
            }
            turn?.conversation += effects.messages
            if let target = effects.switches.last?.to { agent = target }
            // Before the announcement: whoever hears of the turn's end may send the next message.
            if isFinished {
                tellEnd(TurnOutcome(effects.events.last))
                turn = nil
            }
            events.publish(effects.events)
        }
        return turn != nil
    }

    /// The repository does not take what happened: the turn cannot go on.
    private func giveUp(_ error: any Error) async {
        if error is SessionMissing {
            tellEnd(.cancelled)
            turn = nil
            return
        }
        if error is SessionFenced { return leaseEnded() }
        if Task.isCancelled { return interrupt() }
        environment.logger.error("A turn cannot be stored", metadata: ["session": "\(id)", "error": "\(error)"])
        do {
            try await environment.repository.record(
                SessionChange(state: .interrupted, date: environment.clock.moment().date), in: id, fencingToken: fencingToken
            )
        } catch {
            environment.logger.error("A session cannot be marked as interrupted", metadata: ["session": "\(id)", "error": "\(error)"])
        }
        end(with: TurnFailure(.internalError, message: "The turn could not be stored.", isRetryable: true))
    }

    private func interrupt() {
        isInterrupted = turn != nil
        end(with: TurnFailure(.interrupted, message: "The service stopped during the turn.", isRetryable: true))
    }

    /// Ends the turn in memory only.
    func end(with failure: TurnFailure) {
        guard let turnID = turn?.machine.turnID else { return }
        tellEnd(.failed(failure.code))
        turn = nil
        events.publish([.turnFailed(turnID: turnID, failure)])
    }

    /// Counts and traces the turn, while it is still there.
    private func tellEnd(_ outcome: TurnOutcome?) {
        guard let turn, let outcome else { return }
        turn.span.map { TurnSpans.end($0, with: outcome) }
        RuntimeMetrics.shared.turnEnded(outcome, after: environment.clock.moment().uptime - turn.start)
    }

    // MARK: The model

    private enum ModelOutcome: Sendable {
        case answered
        case failed(TurnFailure)
        case timedOut
        /// The turn was cancelled, or its task.
        case stopped
    }

    private func callModel() async {
        guard let running = turn else { return }
        let configuration = environment.configuration
        let clock = environment.clock
        let deadline = min(clock.moment().uptime + configuration.modelTimeout, running.deadline)
        let request = request(for: running)
        turn?.answer = nil
        turn?.toolCalls = []
        let outcome = await withTaskGroup(of: ModelOutcome.self) { group in
            group.addTask { await self.ask(request) }
            group.addTask {
                await running.stop.wait()
                return .stopped
            }
            group.addTask {
                do { try await clock.sleep(until: deadline) } catch { return .stopped }
                return .timedOut
            }
            let first = await group.next() ?? .stopped
            group.cancelAll()
            return first
        }
        take(outcome, at: clock.moment())
    }

    private func take(_ outcome: ModelOutcome, at moment: Moment) {
        guard let running = turn else { return }
        switch outcome {
        case .answered:
            guard let answer = running.answer else {
                fail(TurnFailure(.modelInvalidOutput, message: "The model's answer broke off.", isRetryable: true), at: moment)
                return
            }
            let used = answer.toolCalls.isEmpty ? [] : running.usedCallIDs
            if let effects = turn?.machine.modelAnswered(answer, usedCallIDs: used, at: moment) { turn?.outbox.append(effects) }
        case .failed(let failure):
            fail(failure, at: moment)
        case .timedOut where moment.uptime >= running.deadline:
            fail(Self.turnTimeout, at: moment)
        case .timedOut:
            fail(TurnFailure(.modelUnavailable, message: "The model did not answer in time.", isRetryable: true), at: moment)
        case .stopped:
            break
        }
    }

    private func fail(_ failure: TurnFailure, at moment: Moment) {
        if let effects = turn?.machine.fail(failure, at: moment) { turn?.outbox.append(effects) }
    }

    private static let turnTimeout = TurnFailure(.turnTimeout, message: "The turn took too long.", isRetryable: false)

    private func request(for running: ActiveTurn) -> ModelRequest {
        let configuration = environment.configuration
        let agent = running.machine.agent
        return ModelRequest(
            model: configuration.model,
            systemPrompt: AgentCatalogue.standard.systemPrompt(of: agent),
            messages: Conversation.window(
                of: running.conversation, maximumCount: configuration.maximumHistoryMessages,
                maximumBytes: configuration.maximumHistoryBytes
            ),
            tools: ToolCatalogue.offers(to: agent),
            user: owner
        )
    }

    private nonisolated func ask(_ request: ModelRequest) async -> ModelOutcome {
        let span = TurnSpans.model(request.model)
        defer { span.end() }
        do {
            try await ServiceContext.withValue(span.context) {
                try await environment.model.respond(to: request) { event in
                    TurnSpans.record(event, in: span)
                    try await self.receive(event)
                }
            }
            return .answered
        } catch let failure as TurnFailure {
            return .failed(failure)
        } catch let failure as ModelFailure {
            TurnSpans.record("\(failure.code)", in: span)
            environment.logger.warning(
                "The model gave no answer",
                metadata: ["session": "\(id)", "code": "\(failure.code)", "cause": "\(failure.cause.map { "\($0)" } ?? failure.message)"]
            )
            return .failed(TurnFailure(failure))
        } catch is CancellationError {
            return .stopped
        } catch {
            environment.logger.error("The model client failed", metadata: ["session": "\(id)", "error": "\(error)"])
            return .failed(TurnFailure(.internalError, message: "The model could not be asked.", isRetryable: true))
        }
    }

    private func receive(_ event: ModelEvent) throws {
        guard turn?.machine.state == .callingModel else { throw CancellationError() }
        switch event {
        case .textDelta(let text):
            guard !text.isEmpty, let event = try turn?.machine.modelWrote(text) else { return }
            events.publish([event])
        case .toolCall(let id, let name, let arguments):
            turn?.toolCalls.append(ToolCall(id: id, name: name, arguments: arguments))
            guard let running = turn, running.toolCalls.count <= 128,
                running.toolCallBytes <= environment.configuration.maximumAnswerBytes
            else { throw TurnFailure(.modelInvalidOutput, message: "The model's answer is too long.", isRetryable: true) }
        case .finished(let reason, let usage):
            let toolCalls = turn?.toolCalls ?? []
            turn?.answer = ModelAnswer(toolCalls: toolCalls, finishReason: reason, usage: usage)
        }
    }

    // MARK: The client

    private func waitForClient(of running: ActiveTurn) async {
        let clock = environment.clock
        let deadline = min(running.machine.nextDeadline ?? running.deadline, running.deadline)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await running.progress.wait() }
            group.addTask {
                // The only error is the cancellation of this wait, when the other one came first.
                do { try await clock.sleep(until: deadline) } catch { return }
            }
            await group.next()
            group.cancelAll()
        }
        let moment = clock.moment()
        if moment.uptime >= running.deadline {
            fail(Self.turnTimeout, at: moment)
        } else if let effects = turn?.machine.expireCalls(at: moment) {
            turn?.outbox.append(effects)
        }
    }
}
