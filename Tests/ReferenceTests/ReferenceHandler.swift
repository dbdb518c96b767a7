import APISupport
import HTTPTypes
import ReferenceAPI

/// Answers with what it got, as far as an operation's output can carry it.
struct ReferenceHandler: APIHandler {
    func echo(_ input: Operations.Echo.Input, context: CallContext) async throws -> Operations.Echo.Output {
        switch input.body.id {
        case "e400": throw RequestFailure(.conflict, detail: "No status of its own is declared.")
        case "e413": throw ProblemError(Problem(type: "urn:test", title: "Large", status: 413), headerFields: [.retryAfter: "7"])
        case "e500": throw Unexpected()
        default: return .ok(input.body)
        }
    }

    func getThing(
        _ input: Operations.GetThing.Input, principal: Operations.GetThing.Caller<Principal, Principal, Principal>, context: CallContext
    ) async throws -> Operations.GetThing.Output {
        let principal =
            switch principal {
            case .bearerAuth(let principal): principal
            case .apiKeyAndClientBasic(let apiKey, _): apiKey
            }
        func ok(_ body: Operations.GetThing.OkBody) -> Operations.GetThing.Output {
            .ok(.init(eTag: "\"\(principal.subject)\"", xLevels: input.level, xCount: Int64(input.limit), body: body))
        }
        switch input.form {
        case .json:
            let children = input.tag.map { Schemas.Thing(name: $0) }
            return ok(
                .json(Schemas.Thing(name: "\(input.id) \(input.in)", children: children, additionalProperties: ["none": nil, "one": 1])))
        case .events:
            let steps: [Schemas.Step] = input.tag.map { .start(.init(text: $0)) } + [.end(.init(reason: "all\nsaid"))]
            return ok(.eventStream(EventStream(Events(values: steps))))
        case .html:
            return ok(.html("<p>\(input.theme?.rawValue ?? "none") \(input.xRatio ?? 0) \(input.since?.description ?? "never")</p>"))
        case .other: return .clientError(statusCode: 418, Problem(type: "urn:tea", title: "Teapot", status: 418))
        case .nothing:
            return input.limit == 1 ? .clientError(statusCode: 200, Problem(type: "urn:tea", title: "None", status: 200)) : .notFound
        }
    }

    func token(_ input: Operations.Token.Input, principal: Principal?, context: CallContext) async throws -> Operations.Token.Output {
        let form = input.body
        guard form.clientID != "bad" else { throw Unexpected() }
        let text = "\(form.clientID) \(form.maxAge) \(form.level?.rawValue ?? "none") \(form.scope?.joined(separator: "+") ?? "none")"
        return .ok([text].map { Schemas.TokenResponse(accessToken: $0, expiresIn: form.maxAge, client: principal?.subject) }[0])
    }

    func failure(_ failure: RequestFailure, in operation: Operations.Token.Type) -> Operations.Token.Output {
        let error = Schemas.TokenError(
            error: failure.code.name, errorDescription: failure.violations.map(\.pointer).sorted().joined(separator: " "))
        return failure.code.status == 400
            ? .badRequest(.init(cacheControl: "no-store", body: error)) : .default(statusCode: failure.code.status, error)
    }

    func upload(_ input: Operations.Upload.Input, context: CallContext) async throws -> Operations.Upload.Output {
        switch input.body {
        case nil: return .noContent
        case .json(let things?): return .accepted("json \(things.map(\.name))")
        case .json(nil): return .accepted(nil)
        case .form(let form): return .accepted("form \(form.clientID)")
        case .text(let text): return .accepted("text \(text)")
        case .binary(let bytes): return .ok(bytes)
        }
    }

    func `default`(_ input: Operations.Default.Input, context: CallContext) async throws -> Operations.Default.Output {
        .successful(statusCode: 299, .init(default: input.selfValue))
    }

    func failing(_ input: Operations.Failing.Input, context: CallContext) async throws -> Operations.Failing.Output { throw Unexpected() }

    struct Unexpected: Error {}
}

/// Knows the token `good` with one scope, the client `client:secret`, and the key `key`.
struct ReferenceSecurity: SecurityHandler {
    func bearerAuth(_ token: String, scopes: [String], context: CallContext) async throws -> Principal {
        guard token == "good" || token == "poor" else { throw RequestFailure(.unauthenticated, detail: "Unknown token.") }
        guard token == "good" || scopes.isEmpty else { throw RequestFailure(.forbidden, detail: "Missing scope.") }
        return principal("bearer", scopes: Set(scopes))
    }

    func clientBasic(username: String, password: String, scopes: [String], context: CallContext) async throws -> Principal {
        guard username == "client", password == "secret" else { throw RequestFailure(.unauthenticated, detail: "Unknown client.") }
        return principal(username, scopes: [])
    }

    func apiKey(_ key: String, scopes: [String], context: CallContext) async throws -> Principal {
        guard key == "key" else { throw RequestFailure(.unauthenticated, detail: "Unknown key.") }
        return principal("key", scopes: [])
    }

    private func principal(_ subject: String, scopes: Set<String>) -> Principal {
        Principal(subject: subject, clientID: nil, scopes: scopes, expiresAt: nil, token: "")
    }
}

/// Credentials by scheme.
struct Credentials: CredentialProvider {
    var values: [String: String]

    func credential(scheme: String) async throws -> String? { values[scheme] }
}

/// Values as server-sent events.
struct Events<Value: Sendable>: AsyncSequence, Sendable {
    var values: [Value]

    struct AsyncIterator: AsyncIteratorProtocol {
        var values: ArraySlice<Value>

        mutating func next() async throws -> ServerSentEvent<Value>? { values.popFirst().map { ServerSentEvent(data: $0) } }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(values: values[...]) }
}

/// The reference API served in this process.
enum Reference {
    static let router = APIRouter(routes: Server(handler: ReferenceHandler(), security: ReferenceSecurity()).routes)

    static func client(_ credentials: [String: String] = [:]) -> Client {
        Client(
            serverURL: "http://localhost", transport: InProcessTransport(router: router), credentials: Credentials(values: credentials)
        )
    }

    /// What a request by hand is answered with.
    static func send(
        _ method: HTTPRequest.Method, _ path: String, _ fields: HTTPFields = [:], body: String = ""
    ) async throws -> (status: Int, fields: HTTPFields, body: [UInt8]) {
        let head = HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path, headerFields: fields)
        let response = await router.respond(to: ServerRequest(head: head, body: RequestBody([UInt8](body.utf8))))
        let bytes: [UInt8]
        switch response.body {
        case .none: bytes = []
        case .bytes(let all): bytes = all
        case .stream(let stream): bytes = try await stream.collect(upTo: 1 << 20) ?? []
        }
        return (response.head.status.code, response.head.headerFields, bytes)
    }
}
