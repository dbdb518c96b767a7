import Logging

/// What all sessions work with.
struct SessionEnvironment: Sendable {
    let configuration: RuntimeConfiguration
    let repository: any SessionRepository
    let model: any ModelClient
    let clock: any RuntimeClock
    let runner: TurnRunner
    let logger: Logger
}
