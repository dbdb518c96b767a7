import FoundationEssentials
import WebsiteHandlers

/// The folder `specs` of the repository, or a copy of it: a folder an API, its documents in it.
struct SpecFolder: Sendable {
    let path: String

    private static let maximumDocuments = 64
    private static let maximumBytes = 1 << 20

    /// All documents, by name.
    ///
    /// - Throws: ``ConfigurationError`` where there is none.
    func documents() throws -> [WebsiteDocument] {
        let names: [String]
        do {
            names = try FileManager.default.subpathsOfDirectory(atPath: path)
        } catch {
            throw failure("cannot be read")
        }
        var documents: [WebsiteDocument] = []
        for name in names.sorted() {
            let parts = name.split(separator: "/")
            guard parts.count == 2, parts[1].hasSuffix(".yaml") else { continue }
            guard let content = FileManager.default.contents(atPath: "\(path)/\(name)"), content.count <= Self.maximumBytes,
                let document = WebsiteDocument(api: String(parts[0]), name: String(parts[1]), content: [UInt8](content))
            else { throw failure("has a document that cannot be used: \(name.prefix(120))") }
            documents.append(document)
            guard documents.count <= Self.maximumDocuments else { throw failure("has more than \(Self.maximumDocuments) documents") }
        }
        guard !documents.isEmpty else { throw failure("has no documents, as in gateway/openapi.yaml") }
        return documents
    }

    private func failure(_ reason: String) -> ConfigurationError {
        ConfigurationError("the folder of the specs, \(path) (--specs, \(Setting.websiteSpecs.variable)), \(reason)")
    }
}
