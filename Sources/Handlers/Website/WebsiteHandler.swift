import APISupport
import WebsiteAPI

/// Implements the operations of `specs/website`.
struct WebsiteHandler: WebsiteAPI.APIHandler {
    private let page: (content: Page, tag: EntityTag)
    private let documents: [String: (content: [UInt8], tag: EntityTag)]

    /// What a new release brings is seen soon.
    private static let cacheControl = "public, max-age=300"
    private static let contentTypeOptions = "nosniff"

    init(page: Page, documents: [WebsiteDocument]) {
        self.page = (page, EntityTag(of: Array(page.html.utf8)))
        self.documents = Dictionary(
            documents.map { ($0.path, ($0.content, EntityTag(of: $0.content))) }, uniquingKeysWith: { first, _ in first })
    }

    func getPage(_ input: Operations.GetPage.Input, context: CallContext) async throws -> Operations.GetPage.Output {
        if page.tag.isNamed(in: input.ifNoneMatch) {
            return .notModified(.init(eTag: page.tag.text, cacheControl: Self.cacheControl))
        }
        return .ok(
            .init(
                eTag: page.tag.text, cacheControl: Self.cacheControl, contentSecurityPolicy: page.content.contentSecurityPolicy,
                referrerPolicy: "no-referrer", xContentTypeOptions: Self.contentTypeOptions, xFrameOptions: "DENY",
                body: page.content.html))
    }

    func getDocument(_ input: Operations.GetDocument.Input, context: CallContext) async throws -> Operations.GetDocument.Output {
        guard let (content, tag) = documents["specs/\(input.api)/\(input.document)"] else {
            throw RequestFailure(.notFound, detail: "There is no such document.")
        }
        if tag.isNamed(in: input.ifNoneMatch) { return .notModified(.init(eTag: tag.text, cacheControl: Self.cacheControl)) }
        return .ok(
            .init(eTag: tag.text, cacheControl: Self.cacheControl, xContentTypeOptions: Self.contentTypeOptions, body: content))
    }
}
