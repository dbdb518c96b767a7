/// Problem details for HTTP APIs (RFC 9457), with the extension members that this system uses.
public struct Problem: Sendable, Equatable {
    /// The media type of its JSON form.
    public static let mediaType: StaticString = "application/problem+json"

    /// A URI reference that identifies the kind of problem; stable, for programs.
    public var type: String
    /// The same for each occurrence of the kind.
    public var title: String
    /// The HTTP status.
    public var status: Int
    /// What happened this time, for people.
    public var detail: String?
    /// A URI reference that identifies this occurrence.
    public var instance: String?
    /// What is wrong with the request, all of it at once.
    public var errors: [Violation]?
    /// The request's id, as the service's log has it (`request_id`).
    public var requestID: String?

    public init(
        type: String, title: String, status: Int, detail: String? = nil, instance: String? = nil, errors: [Violation]? = nil,
        requestID: String? = nil
    ) {
        self.type = type
        self.title = title
        self.status = status
        self.detail = detail
        self.instance = instance
        self.errors = errors
        self.requestID = requestID
    }

    /// The public part of a failure.
    public init(_ failure: RequestFailure, requestID: String? = nil) {
        self.init(
            type: failure.code.problemType, title: failure.code.title, status: failure.code.status,
            detail: failure.detail.isEmpty ? nil : failure.detail, errors: failure.violations.isEmpty ? nil : failure.violations,
            requestID: requestID)
    }
}

extension RequestFailure.Code {
    /// The problem type URI of this kind of failure.
    public var problemType: String { "urn:codelab:problem:\(name)" }
}

extension Problem: JSONReadable, JSONWritable {
    /// Tolerant as RFC 9457 §3.1 asks: every member may be absent, members of a wrong type are ignored, unknown ones too.
    public static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> Problem? {
        guard try json.beginObject() else { return nil }
        var problem = Problem(type: "about:blank", title: "", status: 0)
        while let key = try json.nextKey() {
            switch (key, try json.nextKind) {
            case ("type", .string): problem.type = try json.readString() ?? "about:blank"
            case ("title", .string): problem.title = try json.readString() ?? ""
            case ("status", .number): problem.status = try json.readInt32().map(Int.init) ?? 0
            case ("detail", .string): problem.detail = try json.readString()
            case ("instance", .string): problem.instance = try json.readString()
            case ("request_id", .string): problem.requestID = try json.readString()
            case ("errors", .array): problem.errors = try [Violation].read(from: &json)
            default: try json.skipValue()
            }
        }
        return problem
    }

    public func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("type")
        json.write(type)
        json.key("title")
        json.write(title)
        json.key("status")
        json.write(status)
        write(detail, as: "detail", to: &json)
        write(instance, as: "instance", to: &json)
        if let errors {
            json.key("errors")
            errors.write(to: &json)
        }
        write(requestID, as: "request_id", to: &json)
        json.endObject()
    }

    private func write(_ value: String?, as name: StaticString, to json: inout JSONWriter) {
        guard let value else { return }
        json.key(name)
        json.write(value)
    }
}
