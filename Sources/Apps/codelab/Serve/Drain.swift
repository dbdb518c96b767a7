import Logging
import OperationsHandlers
import ServiceLifecycle

/// The first part to be told to stop: says so where readiness is asked for, and lets the servers take requests for a while yet, until everyone who
/// sends them has heard of it.
struct Drain: Service {
    let readiness: [ReadinessChecks]
    let time: Duration
    let logger: Logger

    func run() async throws {
        try await gracefulShutdown()
        for readiness in readiness { readiness.stop() }
        guard time > .zero else { return }
        logger.notice("CodeLab stops: requests are taken for a while yet", metadata: ["seconds": "\(time.components.seconds)"])
        try await Task.sleep(for: time)
    }
}
