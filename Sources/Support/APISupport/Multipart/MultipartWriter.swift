internal import HTTPTypes

/// Writes the parts of one multipart body (RFC 7578).
public struct MultipartWriter: Sendable {
    let boundary: String
    private(set) var bytes: [UInt8] = []
    /// Whether parts are told apart by names; otherwise by their places (RFC 2046 §5.1).
    public var hasNames = true

    init(boundary: String = Self.randomBoundary()) { self.boundary = boundary }

    /// 128 random bits: they occur in no content.
    static func randomBoundary() -> String {
        let random = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
        return "part-" + String(random.0, radix: 36) + String(random.1, radix: 36)
    }

    /// The whole body of `value`.
    static func encode(_ value: some MultipartWritable, boundary: String = Self.randomBoundary()) -> (bytes: [UInt8], boundary: String) {
        var writer = MultipartWriter(boundary: boundary)
        value.write(to: &writer)
        return (writer.bytes + "--\(boundary)--\r\n".utf8, boundary)
    }

    // MARK: Values

    /// A part with what `write` writes as JSON: as such when `mediaType` is JSON, as text otherwise. nil: no part.
    public mutating func write<T>(_ name: String, _ mediaType: String, _ value: T?, _ write: (T, inout JSONWriter) -> Void) {
        if let value { append(name, mediaType, value, HTTPFields(), write) }
    }

    public mutating func write<T>(
        _ name: String, _ mediaType: String, _ value: MultipartValue<T>?, _ write: (T, inout JSONWriter) -> Void
    ) {
        if let value { append(name, mediaType, value.value, value.headerFields, write) }
    }

    /// A part for each value.
    public mutating func write<T>(_ name: String, _ mediaType: String, values: [T]?, _ write: (T, inout JSONWriter) -> Void) {
        for value in values ?? [] { append(name, mediaType, value, HTTPFields(), write) }
    }

    public mutating func write<T>(
        _ name: String, _ mediaType: String, values: [MultipartValue<T>]?, _ write: (T, inout JSONWriter) -> Void
    ) {
        for value in values ?? [] { append(name, mediaType, value.value, value.headerFields, write) }
    }

    // MARK: Files

    /// A part with bytes; `mediaType` where the file names none.
    public mutating func write(_ name: String, file: MultipartFile?, mediaType: String = "application/octet-stream") {
        guard let file else { return }
        var fields = file.headerFields
        fields[.contentDisposition] = disposition(name, filename: file.filename)
        fields[.contentType] = file.mediaType ?? mediaType
        append(fields, file.bytes)
    }

    public mutating func write(_ name: String, files: [MultipartFile]?, mediaType: String = "application/octet-stream") {
        for file in files ?? [] { write(name, file: file, mediaType: mediaType) }
    }

    // MARK: Pieces

    private mutating func append<T>(
        _ name: String, _ mediaType: String, _ value: T, _ headerFields: HTTPFields, _ write: (T, inout JSONWriter) -> Void
    ) {
        var json = JSONWriter()
        write(value, &json)
        var fields = headerFields
        fields[.contentDisposition] = disposition(name, filename: nil)
        let essence = MediaType.essence(mediaType) ?? mediaType
        let isJSON = essence == "application/json" || essence.hasSuffix("+json")
        // Without a type a part is text/plain (RFC 7578 §4.4).
        if essence != "text/plain" { fields[.contentType] = mediaType }
        append(fields, isJSON ? json.bytes : [UInt8]((TextValue.of(json: json.bytes)?.joined ?? "").utf8))
    }

    private func disposition(_ name: String, filename: String?) -> String? {
        hasNames ? ContentDisposition.field(name: name, filename: filename) : filename.map(ContentDisposition.attachment)
    }

    private mutating func append(_ fields: HTTPFields, _ body: [UInt8]) {
        bytes += Self.head(fields, boundary: boundary)
        bytes += body
        bytes += [0x0D, 0x0A]
    }

    /// A delimiter and a part's header. Field values cannot hold line breaks: HTTPField replaces them.
    static func head(_ fields: HTTPFields, boundary: String) -> [UInt8] {
        var text = "--\(boundary)\r\n"
        for field in fields { text += "\(field.name.rawName): \(field.value)\r\n" }
        return [UInt8]((text + "\r\n").utf8)
    }
}
