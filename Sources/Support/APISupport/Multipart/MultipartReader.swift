internal import HTTPTypes

/// Reads the named parts of one multipart body, and collects what is wrong with them.
public struct MultipartReader: Sendable {
    public var validation = Validation()
    private var parts: [Part] = []
    /// How many parts come before the `items`, where parts are known by their places.
    private var firstItem: Int?

    struct Part: Sendable {
        var fields: HTTPFields
        var bytes: [UInt8] = []
        /// What it is called where parts have no names of their own.
        var numbered: String?

        var name: String? { numbered ?? ContentDisposition.parameter("name", in: fields) }
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

    /// Calls the parts by their places: the first `count` "0", "1", …, the others "items". `min` and `max` limit the number of all.
    public mutating func number(first count: Int, min: Int = 0, max: Int? = nil) {
        firstItem = count
        for index in parts.indices { parts[index].numbered = index < count ? String(index) : "items" }
        validation.checkCount(items: parts.count, min: min, max: max)
    }

    // MARK: Values

    /// A part with one value, which is turned into JSON by `schema` and read by `read`.
    public mutating func value<T: Sendable>(
        _ name: StaticString, required: Bool, _ schema: TextSchema, _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> T? {
        single(name, required: required).flatMap { self.read($0, pointer(name), schema, read) }
    }

    /// The same with the part's header; `headers` must be there.
    public mutating func value<T: Sendable>(
        _ name: StaticString, required: Bool, headers: [StaticString], _ schema: TextSchema,
        _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> MultipartValue<T>? {
        guard let part = single(name, required: required) else { return nil }
        check(headers, of: part, pointer(name))
        return self.read(part, pointer(name), schema, read).map { MultipartValue($0, headerFields: part.ownFields) }
    }

    /// All parts of a name; nil when there is none.
    public mutating func values<T: Sendable>(
        _ name: StaticString, required: Bool, min: Int = 0, max: Int? = nil, _ schema: TextSchema,
        _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> [T]? {
        guard let found = all(name, required: required, min, max) else { return nil }
        let values = found.enumerated().compactMap { self.read($1, pointer(name, $0), schema, read) }
        return values.count == found.count ? values : nil
    }

    public mutating func values<T: Sendable>(
        _ name: StaticString, required: Bool, min: Int = 0, max: Int? = nil, headers: [StaticString], _ schema: TextSchema,
        _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> [MultipartValue<T>]? {
        guard let found = all(name, required: required, min, max) else { return nil }
        var values: [MultipartValue<T>] = []
        for (index, part) in found.enumerated() {
            check(headers, of: part, pointer(name, index))
            if let value = self.read(part, pointer(name, index), schema, read) {
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
        single(name, required: required).map { file($0, pointer(name), headers, mediaTypes) }
    }

    public mutating func files(
        _ name: StaticString, required: Bool, min: Int = 0, max: Int? = nil, headers: [StaticString] = [], mediaTypes: [StaticString] = []
    ) -> [MultipartFile]? {
        all(name, required: required, min, max).map { found in
            found.enumerated().map { file($1, pointer(name, $0), headers, mediaTypes) }
        }
    }

    // MARK: Other names

    /// The values of all parts but the known ones, by name.
    public mutating func others<T: Sendable>(
        than known: [StaticString], _ schema: TextSchema, _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> [String: T] {
        var values: [String: T] = [:]
        for (name, parts) in grouped(than: known) {
            if isSingle(parts, name) { values[name] = self.read(parts[0], Self.pointer(name), schema, read) }
        }
        return values
    }

    /// The same where a name may have any number of parts.
    public mutating func othersLists<T: Sendable>(
        than known: [StaticString], _ schema: TextSchema, _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> [String: [T]] {
        var values: [String: [T]] = [:]
        for (name, parts) in grouped(than: known) {
            values[name] = parts.enumerated().compactMap { self.read($1, Self.pointer(name) + "/\($0)", schema, read) }
        }
        return values
    }

    /// All parts but the known ones, by name.
    public mutating func otherFiles(than known: [StaticString]) -> [String: MultipartFile] {
        var files: [String: MultipartFile] = [:]
        for (name, parts) in grouped(than: known) {
            if isSingle(parts, name) { files[name] = file(parts[0], Self.pointer(name), [], []) }
        }
        return files
    }

    /// The same where a name may have any number of parts.
    public mutating func otherFileLists(than known: [StaticString]) -> [String: [MultipartFile]] {
        var files: [String: [MultipartFile]] = [:]
        for (name, parts) in grouped(than: known) { files[name] = parts.map { file($0, Self.pointer(name), [], []) } }
        return files
    }

    private func grouped(than known: [StaticString]) -> [(name: String, parts: [Part])] {
        let known = Set(known.map(\.description))
        let groups = Dictionary(grouping: parts) { $0.name ?? "" }
        return groups.filter { !known.contains($0.key) }.sorted { $0.key < $1.key }.map { (name: $0.key, parts: $0.value) }
    }

    private mutating func isSingle(_ parts: [Part], _ name: String) -> Bool {
        if parts.count > 1 { report("duplicate", "is there more than once", Self.pointer(name)) }
        return parts.count == 1
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
        _ part: Part, _ pointer: String, _ schema: TextSchema,
        _ read: (inout JSONReader) throws(JSONSyntaxError) -> T?
    ) -> T? {
        let isJSON = schema.kinds == .json
        let charset = isJSON ? .utf8 : Charset(mediaType: part.mediaType ?? "")
        guard let text = charset?.decode(part.bytes) else {
            report("contentEncoding", "is not text in a known charset", pointer)
            return nil
        }
        var inner = Validation()
        let value: T?
        if isJSON {
            value = inner.readJSON(texts: [text], as: .text, required: true, read)
        } else {
            value = inner.readStructure([.text(text)], as: .text, required: true, schema, read)
        }
        validation.merge(inner, under: pointer)
        return value
    }

    private mutating func file(
        _ part: Part, _ pointer: String, _ headers: [StaticString], _ mediaTypes: [StaticString]
    ) -> MultipartFile {
        check(headers, of: part, pointer)
        if !mediaTypes.isEmpty, MediaType.index(of: part.mediaType ?? "text/plain", in: mediaTypes) == nil {
            let expected = mediaTypes.map(\.description).joined(separator: ", ")
            report("contentMediaType", "must be \(expected)", pointer)
        }
        return MultipartFile(
            part.bytes, filename: ContentDisposition.parameter("filename", in: part.fields), mediaType: part.mediaType,
            headerFields: part.ownFields)
    }

    private mutating func check(_ headers: [StaticString], of part: Part, _ pointer: String) {
        for header in headers {
            guard let field = HTTPField.Name(header.description), part.fields[field] == nil else { continue }
            report("required", "lacks the header field \(header)", pointer)
        }
    }

    private mutating func report(_ rule: StaticString, _ message: String, _ pointer: String) {
        var inner = Validation()
        inner.report(rule: rule, message)
        validation.merge(inner, under: pointer)
    }

    /// Where a part is, or one of several of its name.
    private func pointer(_ name: StaticString, _ index: Int? = nil) -> String {
        if let firstItem, let index { return "/\(firstItem + index)" }
        return Self.pointer(name.description) + (index.map { "/\($0)" } ?? "")
    }

    private static func pointer(_ name: String) -> String { "/" + JSONPointer.escape(name) }
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
