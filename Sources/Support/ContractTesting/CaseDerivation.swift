import APISupport
public import CodegenModel
import HTTPTypes

/// Derives from the model of a spec the requests that a service must answer as declared.
///
/// For every operation: the valid request; no and garbled credentials; each parameter and each body rule broken alone; malformed JSON;
/// another content type. For every path: a method that it does not have. Once: a path that nothing has.
public struct CaseDerivation: Sendable {
    private let service: Service
    private let schemas: SchemaIndex
    private let fixture: ContractFixture
    /// The credentials of a caller who may do everything, as a whole `Authorization` value.
    private let authorization: String

    public init(service: Service, fixture: ContractFixture, authorization: String) {
        self.service = service
        self.schemas = SchemaIndex(service)
        self.fixture = fixture
        self.authorization = authorization
    }

    /// All cases; those of DELETE operations come last, so that what the fixture names exists for the others.
    public func cases() throws -> [ContractCase] {
        var cases: [ContractCase] = []
        for operation in service.operations.sorted(by: { $0.method != "DELETE" && $1.method == "DELETE" }) {
            let valid = try request(for: operation)
            cases += credentialCases(operation, valid)
            cases += try parameterCases(operation)
            cases += try bodyCases(operation, valid)
            let status = fixture.validStatus[operation.id]
            cases.append(contractCase(operation, "valid", valid, status.map(ContractCase.Expectation.status) ?? .success))
        }
        return cases + routingCases()
    }

    // MARK: Requests

    struct DerivedRequest {
        var head: HTTPRequest
        var body: [UInt8] = []
    }

    private func request(
        for operation: Operation, parameters varied: [String: String?] = [:]
    ) throws -> DerivedRequest {
        var path = operation.path
        var query: [String] = []
        var head = HTTPRequest(method: HTTPRequest.Method(operation.method) ?? .get, scheme: "http", authority: "localhost", path: "/")
        for parameter in operation.parameters {
            let key = "\(parameter.location.rawValue):\(parameter.name)"
            let value: String?
            if let replacement = varied[key] { value = replacement } else { value = try self.value(of: parameter, in: operation) }
            guard let value else { continue }
            switch parameter.location {
            case .path: path = path.replacing("{\(parameter.name)}", with: PercentEncoding.encode(value))
            case .query: query.append(PercentEncoding.encode(parameter.name) + "=" + PercentEncoding.encode(value))
            case .header: if let name = HTTPField.Name(parameter.name) { head.headerFields[name] = value }
            case .cookie:
                let cookie = "\(parameter.name)=\(PercentEncoding.encode(value))"
                head.headerFields[.cookie] = head.headerFields[.cookie].map { "\($0); \(cookie)" } ?? cookie
            case .querystring: query.append(PercentEncoding.encode(value))
            }
        }
        head.path = query.isEmpty ? path : path + "?" + query.joined(separator: "&")
        if requiresCredentials(operation) { head.headerFields[.authorization] = authorization }
        var request = DerivedRequest(head: head)
        if let content = operation.requestBody?.contents.first {
            request.head.headerFields[.contentType] = mediaType(content)
            request.body = try body(content, of: operation)
        }
        return request
    }

    /// Whether there is no alternative without credentials.
    private func requiresCredentials(_ operation: Operation) -> Bool {
        !operation.security.isEmpty && !operation.security.contains { $0.schemes.isEmpty }
    }

    private func value(of parameter: Parameter, in operation: Operation) throws -> String? {
        if let given = fixture.parameter(parameter.name, of: operation.id) { return given }
        guard parameter.isRequired else { return nil }
        guard let sample = SampleValue(schemas: schemas).value(of: parameter.type), let text = text(sample) else {
            throw ContractDerivationError(operationID: operation.id, missing: "a value of the parameter \(parameter.name)")
        }
        return text
    }

    private func body(_ content: Content, of operation: Operation) throws -> [UInt8] {
        switch content.kind {
        case .json(let use): JSONWriter.encode(try sampleBody(use, of: operation))
        case .form(let use, _): Array(try form(sampleBody(use, of: operation)).utf8)
        case .jsonLines(let use): JSONWriter.encode(try sampleBody(use, of: operation)) + [0x0A]
        case .jsonSequence(let use): [0x1E] + JSONWriter.encode(try sampleBody(use, of: operation)) + [0x0A]
        case .multipart(let type): try multipart(type, of: operation)
        case .multipartStream: Array("--\(Self.boundary)--\r\n".utf8)
        case .text, .binary, .byteStream, .eventStream, .textEventStream: Array("text".utf8)
        }
    }

    private static let boundary = "contract-boundary"

    /// The media type of a derived body: one within a range, and a boundary for multipart.
    private func mediaType(_ content: Content) -> String {
        if case .json = content.kind, content.mediaType.hasSuffix("/*") { return "application/json" }
        if content.mediaType == "*/*" || content.mediaType == "application/*" { return "application/octet-stream" }
        if content.mediaType.hasSuffix("/*") { return content.mediaType.dropLast() + "x-sample" }
        guard content.mediaType.hasPrefix("multipart/") else { return content.fullMediaType }
        return "\(content.fullMediaType); boundary=\(Self.boundary)"
    }

    /// The required parts.
    private func multipart(_ type: MultipartType, of operation: Operation) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for part in type.parts where part.isRequired {
            var contents: [UInt8] = []
            var mediaType = part.contentType.flatMap { $0.split(separator: ",").first.map(String.init) }
            switch part.kind {
            case .text(let use):
                guard let text = SampleValue(schemas: schemas).value(of: use).flatMap(text) else {
                    throw ContractDerivationError(operationID: operation.id, missing: "a value of the part \(part.name)")
                }
                contents = Array(text.utf8)
            case .json(let use):
                contents = JSONWriter.encode(SampleValue(schemas: schemas).value(of: use) ?? .null)
                mediaType = mediaType ?? "application/json"
            case .file: mediaType = mediaType ?? "application/octet-stream"
            }
            var head = "--\(Self.boundary)\r\n"
            if !type.isPositional { head += "Content-Disposition: form-data; name=\"\(part.name)\"\r\n" }
            if let mediaType { head += "Content-Type: \(mediaType)\r\n" }
            for header in part.requiredHeaders { head += "\(header): sample\r\n" }
            bytes += Array((head + "\r\n").utf8) + contents + [0x0D, 0x0A]
        }
        return bytes + Array("--\(Self.boundary)--\r\n".utf8)
    }

    private func sampleBody(_ use: TypeUse, of operation: Operation) throws -> JSONValue {
        if let given = fixture.bodies[operation.id] { return given }
        guard let sample = SampleValue(schemas: schemas).value(of: use) else {
            throw ContractDerivationError(operationID: operation.id, missing: "a request body")
        }
        return sample
    }

    private func form(_ value: JSONValue) -> String {
        guard case .object(let members) = value else { return "" }
        return members.members
            .compactMap { name, value in text(value).map { PercentEncoding.encode(name) + "=" + PercentEncoding.encode($0) } }
            .joined(separator: "&")
    }

    /// A scalar as it stands in a parameter or a form.
    private func text(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .integer(let number): String(number)
        case .number(let number): String(number)
        case .boolean(let flag): flag ? "true" : "false"
        case .null, .array, .object: nil
        }
    }

    // MARK: Cases

    private func contractCase(
        _ operation: Operation, _ name: String, _ request: DerivedRequest, _ expectation: ContractCase.Expectation,
        pointer: String? = nil
    ) -> ContractCase {
        ContractCase(
            operationID: operation.id, name: name, head: request.head, body: request.body, expectation: expectation,
            violatedPointer: pointer)
    }

    private func credentialCases(_ operation: Operation, _ valid: DerivedRequest) -> [ContractCase] {
        guard requiresCredentials(operation) else { return [] }
        var without = valid
        without.head.headerFields[.authorization] = nil
        var garbled = valid
        garbled.head.headerFields[.authorization] = "Bearer not.a.token"
        return [
            contractCase(operation, "no credentials", without, .status(401)),
            contractCase(operation, "garbled token", garbled, .status(401)),
        ]
    }

    private func parameterCases(_ operation: Operation) throws -> [ContractCase] {
        var cases: [ContractCase] = []
        for parameter in operation.parameters where parameter.location != .cookie && parameter.isPlain {
            let key = "\(parameter.location.rawValue):\(parameter.name)"
            if parameter.isRequired, parameter.location != .path {
                let request = try request(for: operation, parameters: [key: String?.none])
                cases.append(contractCase(operation, "\(key) missing", request, .status(400), pointer: key))
            }
            guard let sample = SampleValue(schemas: schemas).value(of: parameter.type) else { continue }
            for violation in ViolatingValues(schemas: schemas).violations(of: parameter.type, valid: sample) {
                // Every text is a string, and an empty path segment is another path.
                let isText = schemas.resolved(parameter.type).base == .string
                guard let text = text(violation.value), !(isText && violation.rule == "type"), !text.isEmpty else { continue }
                if case .named = schemas.resolved(parameter.type).base, violation.rule == "type" { continue }
                let request = try request(for: operation, parameters: [key: text])
                cases.append(contractCase(operation, "\(key) \(violation.rule)", request, .status(400), pointer: key))
            }
        }
        return cases
    }

    private func bodyCases(_ operation: Operation, _ valid: DerivedRequest) throws -> [ContractCase] {
        guard let body = operation.requestBody, let content = body.contents.first else { return [] }
        var cases: [ContractCase] = []
        var other = valid
        other.head.headerFields[.contentType] = "application/x-no-such-type"
        cases.append(contractCase(operation, "other content type", other, .status(415)))
        switch content.kind {
        case .json(let use):
            for malformed in ["", "{", "{\"a\":}", "[1,]", "nul", "{\"a\":1} x", "\u{1}"] {
                var request = valid
                request.body = Array(malformed.utf8)
                if malformed.isEmpty, !body.isRequired { continue }
                cases.append(contractCase(operation, "malformed JSON \(malformed)", request, .status(400)))
            }
            var invalidUTF8 = valid
            invalidUTF8.body = Array("{\"a\":\"".utf8) + [0xff, 0xfe] + Array("\"}".utf8)
            cases.append(contractCase(operation, "invalid UTF-8", invalidUTF8, .status(400)))
            for violation in ViolatingValues(schemas: schemas).violations(of: use, valid: try sampleBody(use, of: operation)) {
                var request = valid
                request.body = JSONWriter.encode(violation.value)
                cases.append(
                    contractCase(
                        operation, "body \(violation.pointer) \(violation.rule)", request, .status(400), pointer: violation.pointer))
            }
        case .form(let use, _):
            guard case .object(let members) = try sampleBody(use, of: operation), case .named(let name) = schemas.resolved(use).base,
                case .object(let type)? = schemas.declaration(name)?.kind
            else { break }
            for property in type.properties where property.isRequired {
                var without = members
                without[property.name] = nil
                var request = valid
                request.body = Array(form(.object(without)).utf8)
                cases.append(contractCase(operation, "form \(property.name) missing", request, .status(400)))
            }
        case .multipart(let type):
            for part in type.parts where part.isRequired {
                var request = valid
                var others = type
                others.parts.removeAll { $0.name == part.name }
                request.body = try multipart(others, of: operation)
                cases.append(contractCase(operation, "part \(part.name) missing", request, .status(400), pointer: "/" + part.name))
            }
            var cutOff = valid
            cutOff.body = Array(valid.body.dropLast(6))
            cases.append(contractCase(operation, "multipart cut off", cutOff, .status(400)))
        // A stream's content is its handler's to judge, as it comes.
        case .text, .binary, .byteStream, .eventStream, .textEventStream, .jsonLines, .jsonSequence, .multipartStream: break
        }
        return cases
    }

    private func routingCases() -> [ContractCase] {
        var cases: [ContractCase] = []
        let methods = Dictionary(grouping: service.operations, by: \.path).mapValues { Set($0.map(\.method)) }
        for (path, declared) in methods.sorted(by: { $0.key < $1.key }) {
            guard let method = ["PUT", "DELETE", "PATCH"].first(where: { !declared.contains($0) }), let verb = HTTPRequest.Method(method)
            else { continue }
            let target = path.replacing("{", with: "").replacing("}", with: "")
            let head = HTTPRequest(method: verb, scheme: "http", authority: "localhost", path: target)
            cases.append(
                ContractCase(
                    operationID: "", name: "\(method) \(path)", head: head, body: [], expectation: .status(405), violatedPointer: nil))
        }
        let nowhere = HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: "/no/such/path")
        cases.append(
            ContractCase(operationID: "", name: "unknown path", head: nowhere, body: [], expectation: .status(404), violatedPointer: nil))
        return cases
    }
}

extension Parameter {
    /// Written in the usual style of its place.
    fileprivate var isPlain: Bool { encoding == .standard(location) }
}

/// A request cannot be derived from the schema alone: the fixture has to name a value.
public struct ContractDerivationError: Error, CustomStringConvertible {
    public let operationID: String
    let missing: String

    public var description: String { "\(operationID): the fixture has to give \(missing)" }
}
