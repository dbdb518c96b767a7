import APISupport
import Logging
import OperationsHandlers
import ServiceLifecycle

/// A service, ready to be prepared and served.
struct ServedService: Sendable {
    var router: APIRouter
    var logger: Logger
    /// What comes before the first request: it may use the database, whose pool runs by then.
    var prepare: @Sendable () async throws -> Void = {}
    /// What decides whether it should get requests.
    var checks: [ReadinessCheck] = []
    /// What runs beside the requests.
    var background: (any Service)?
    /// What it stands on: started before it, shut down after it.
    var foundation: [any Service] = []
}
