internal import HTTPTypes

/// Reads the named parts of one multipart body, and collects what is wrong with them.
public struct MultipartReader: Sendable {
    public var validation = Validation()
    private var parts: [Part] = []

    struct Part: Sendable {
        var fields: HTTPFields
        var bytes: [UInt8] = []

        var name: String? { ContentDisposition.parameter("name", in: fields) }
        var mediaType: String? { fields[.contentType] }
    }

    /// All parts of the body, `limit` bytes at most, read as they come.
    ///
    /// Throws `malformedBody` and `contentTooLarge`.
    init(_ stream: ByteStream, contentType: String, limit: Int, limits: MultipartLimits = MultipartLimits()) async throws {
        var size = 0
        do {
            guard var parser = MediaType.parameter("boundary", of: contentType).flatMap({ MultipartParser(boundary: $0, limits: limits) })
            else { throw MultipartFailure.noBoundary }
            for try await chunk in stream {
                size += chunk.count
                guard size <= limit else {
                    throw RequestFailure(.contentTooLarge, detail: "The body may have \(limit) bytes at most.").ofRequest
                }
                for event in try parser.feed(chunk) {
                    switch event {
                    case .head(let fields): parts.append(Part(fields: fields))
                    case .body(let bytes): parts[parts.count - 1].bytes += bytes
                    case .end: break
                    }
                }
            }
            try parser.finish()
        } catch let failure as MultipartFailure {
            throw RequestFailure(.malformedBody, detail: "The body is not multipart: \(failure).", cause: failure).ofRequest
        }
    }

    // MARK: Values

    /// A part with one value, which is turned into JSON by `schema` and read by `read`.
    public mutating func value<T: Sendable>(
        _ name: StaticString, required: Bool, _ schema: TextSchema, _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> T? {
        single(name, required: required).flatMap { self.read($0, name, schema, "", read) }
    }

    /// The same with the part's header; `headers` must be there.
    public mutating func value<T: Sendable>(
        _ name: StaticString, required: Bool, headers: [StaticString], _ schema: TextSchema,
        _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> MultipartValue<T>? {
        guard let part = single(name, required: required) else { return nil }
        check(headers, of: part, name, "")
        return self.read(part, name, schema, "", read).map { MultipartValue($0, headerFields: part.ownFields) }
    }

    /// All parts of a name; nil when there is none.
    public mutating func values<T: Sendable>(
        _ name: StaticString, required: Bool, min: Int = 0, max: Int? = nil, _ schema: TextSchema,
        _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> [T]? {
        guard let found = all(name, required: required, min, max) else { return nil }
        let values = found.enumerated().compactMap { self.read($1, name, schema, "/\($0)", read) }
        return values.count == found.count ? values : nil
    }

    public mutating func values<T: Sendable>(
        _ name: StaticString, required: Bool, min: Int = 0, max: Int? = nil, headers: [StaticString], _ schema: TextSchema,
        _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> [MultipartValue<T>]? {
        guard let found = all(name, required: required, min, max) else { return nil }
        var values: [MultipartValue<T>] = []
        for (index, part) in found.enumerated() {
            check(headers, of: part, name, "/\(index)")
            if let value = self.read(part, name, schema, "/\(index)", read) {
                values.append(MultipartValue(value, headerFields: part.ownFields))
            }
        }
        return values.count == found.count ? values : nil
    }

    // MARK: Files

    /// A part with bytes. `mediaTypes`: those it may have, ranges allowed; empty for any.
    public mutating func file(
        _ name: StaticString, required: Bool, headers: [StaticString] = [], mediaTypes: [StaticString] = []
    ) -> MultipartFile? {
        single(name, required: required).map { file($0, name, "", headers, mediaTypes) }
    }

    public mutating func files(
        _ name: StaticString, required: Bool, min: Int = 0, max: Int? = nil, headers: [StaticString] = [], mediaTypes: [StaticString] = []
    ) -> [MultipartFile]? {
        all(name, required: required, min, max).map { found in
            found.enumerated().map { file($1, name, "/\($0)", headers, mediaTypes) }
        }
    }

    /// Records rule `additionalProperties` for every part but the known ones.
    public mutating func rejectOthers(than known: [StaticString]) {
        let known = Set(known.map(\.description))
        for name in Set(parts.map { $0.name ?? "" }).subtracting(known).sorted() {
            validation.within(.additionalField(name)) { $0.report(rule: "additionalProperties", "is not a known part") }
        }
    }

    // MARK: Pieces

    private mutating func single(_ name: StaticString, required: Bool) -> Part? {
        guard let found = all(name, required: required, 0, nil) else { return nil }
        guard found.count == 1 else {
            validation.within(.field(name)) { $0.report(rule: "duplicate", "is there more than once") }
            return nil
        }
        return found[0]
    }

    private mutating func all(_ name: StaticString, required: Bool, _ min: Int, _ max: Int?) -> [Part]? {
        let text = name.description
        let found = parts.filter { $0.name == text }
        guard !found.isEmpty else {
            if required { validation.missing(name) }
            return nil
        }
        validation.within(.field(name)) { $0.checkCount(items: found.count, min: min, max: max) }
        return found
    }

    private mutating func read<T: Sendable>(
        _ part: Part, _ name: StaticString, _ schema: TextSchema, _ place: String,
        _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> T? {
        let subject = Validation.Subject.additionalField(name.description)
        let isJSON = schema.kinds == .json
        let charset = isJSON ? .utf8 : Charset(mediaType: part.mediaType ?? "")
        guard let text = charset?.decode(part.bytes) else {
            validation.within(subject) { $0.report(rule: "contentEncoding", "is not text in a known charset") }
            return nil
        }
        var inner = Validation()
        let value: T?
        if isJSON {
            value = inner.readJSON(texts: [text], as: .text, required: true, read)
        } else {
            value = inner.readStructure([.text(text)], as: .text, required: true, schema, read)
        }
        validation.merge(inner, under: "/" + JSONPointer.escape(name.description) + place)
        return value
    }

    private mutating func file(
        _ part: Part, _ name: StaticString, _ place: String, _ headers: [StaticString], _ mediaTypes: [StaticString]
    ) -> MultipartFile {
        check(headers, of: part, name, place)
        if !mediaTypes.isEmpty, MediaType.index(of: part.mediaType ?? "text/plain", in: mediaTypes) == nil {
            let expected = mediaTypes.map(\.description).joined(separator: ", ")
            report("contentMediaType", "must be \(expected)", name, place)
        }
        return MultipartFile(
            part.bytes, filename: ContentDisposition.parameter("filename", in: part.fields), mediaType: part.mediaType,
            headerFields: part.ownFields)
    }

    private mutating func check(_ headers: [StaticString], of part: Part, _ name: StaticString, _ place: String) {
        for header in headers {
            guard let field = HTTPField.Name(header.description), part.fields[field] == nil else { continue }
            report("required", "lacks the header field \(header)", name, place)
        }
    }

    private mutating func report(_ rule: StaticString, _ message: String, _ name: StaticString, _ place: String) {
        var inner = Validation()
        inner.report(rule: rule, message)
        validation.merge(inner, under: "/" + JSONPointer.escape(name.description) + place)
    }
}

extension MultipartReader.Part {
    /// The header without what is told otherwise.
    fileprivate var ownFields: HTTPFields {
        var fields = self.fields
        fields[.contentDisposition] = nil
        fields[.contentType] = nil
        return fields
    }
}
