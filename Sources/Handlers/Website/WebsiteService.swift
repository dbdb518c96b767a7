public import APISupport
public import Logging
import WebsiteAPI

/// The website: one page, and the specs that it links.
public struct WebsiteService: Sendable {
    private let handler: WebsiteHandler
    private let logger: Logger

    /// - Parameters:
    ///   - version: Of the program, as the page tells it.
    ///   - documents: All that is below `specs/`, in the order in which they are shown.
    public init(version: String, documents: [WebsiteDocument], logger: Logger) {
        handler = WebsiteHandler(page: Page(version: version, documents: documents), documents: documents)
        self.logger = logger
    }

    public func makeRouter() -> APIRouter { APIRouter(routes: Server(handler: handler).routes, logger: logger) }
}
