import CodegenEmitter
import CodegenModel
import Testing

@Suite("Operations and channels")
struct InterfacesTests {
    @Test("a handler's method has a principal as the security says")
    func declaresPrincipals() throws {
        let text = try emit(ObstacleCourse.service, "Handler.swift")
        #expect(
            text.contains(
                "func getEverything(_ input: Operations.GetEverything.Input, principal: Operations.GetEverything.Caller<BearerAuthPrincipal, KeyPrincipal, ClientBasicPrincipal>, context: CallContext) async throws"
            ))
        #expect(
            text.contains(
                "func token(_ input: Operations.Token.Input, principal: ClientBasicPrincipal?, context: CallContext) async throws"))
        #expect(text.contains("func health(_ input: Operations.Health.Input, context: CallContext) async throws"))
        #expect(
            text.contains(
                "func `default`(_ input: Operations.Default.Input, principal: DefaultPrincipal, context: CallContext) async throws"))
    }

    @Test("only an operation with error bodies of its own asks for its failures")
    func asksForFailures() throws {
        let text = try emit(ObstacleCourse.service, "Handler.swift")
        #expect(
            text.contains("func failure(_ failure: RequestFailure, in operation: Operations.Token.Type) throws -> Operations.Token.Output"))
        #expect(text.split(separator: "\n").filter { $0.contains("func failure(") }.count == 1)
        let server = try emit(ObstacleCourse.service, "Server.swift")
        #expect(server.contains("declared: DeclaredFailures(problems: [401], ranges: [4], hasDefault: true, empty: [404])"))
    }

    @Test("a security scheme hands over its credential")
    func declaresSecurity() throws {
        let text = try emit(ObstacleCourse.service, "Handler.swift")
        #expect(
            text.contains("func bearerAuth(_ token: String, scopes: [String], context: CallContext) async throws -> BearerAuthPrincipal"))
        #expect(
            text.contains(
                "func clientBasic(username: String, password: String, scopes: [String], context: CallContext) async throws -> ClientBasicPrincipal"
            ))
        #expect(text.contains("func key(_ key: String, scopes: [String], context: CallContext) async throws -> KeyPrincipal"))
    }

    @Test("an output has a case a response, with a struct where there are headers")
    func declaresOutputs() throws {
        let text = try emit(ObstacleCourse.service, "Operations.swift")
        #expect(text.contains("case ok(Operations.GetEverything.Ok)"))
        #expect(text.contains("case notModified\n"))
        #expect(text.contains("case clientError(statusCode: Int, APISupport.Problem)"))
        #expect(text.contains("case `default`(statusCode: Int, APISupport.Problem)"))
        #expect(text.contains("public enum OkBody: Sendable {"))
        #expect(text.contains("case eventStream(EventStream<Schemas.ClientFrame>)"))
        #expect(text.contains("public var noContent: Void {"))
    }

    @Test("without a secured operation, the server has no security handler")
    func leavesSecurityOut() throws {
        var open = ObstacleCourse.service
        open.operations = open.operations.filter { $0.id == "health" }
        open.channels = []
        open.securitySchemes = []
        #expect(try emit(open, "Server.swift").contains("public struct Server<Handler: APIHandler>: Sendable {"))
        #expect(try !emit(open, "Handler.swift").contains("SecurityHandler"))
        #expect(try emit(open, "Channels.swift").split(separator: "\n").count == 1)
    }

    @Test("a channel's direction is a union, its only payload, or nothing")
    func declaresDirections() throws {
        let text = try emit(ObstacleCourse.service, "Channels.swift")
        #expect(text.contains("public enum FromClient: Sendable, Equatable {\n            case userMessage(Schemas.UserMessage)"))
        #expect(text.contains("public typealias FromServer = Schemas.Everything"))
        #expect(text.contains("public enum FromClient: Sendable, Equatable {}"))
        #expect(text.contains("extension Channels.Feed.FromServer: JSONReadable, JSONWritable {"))
    }

    @Test("a client offers credentials by their names in the document")
    func offersCredentials() throws {
        let text = try emit(ObstacleCourse.service, "Client.swift")
        #expect(
            text.contains(
                "security: [[.bearer(scheme: \"bearerAuth\")], [.apiKey(scheme: \"key\", in: .header, name: \"X-API-Key\"), .basic(scheme: \"clientBasic\")]]"
            ))
        #expect(text.contains("case 400...499:"))
        #expect(text.contains("throw await reply.undeclared()"))
    }

    @Test("an answer to HEAD has no body, and an event stream in a request is bytes")
    func sendsWhatTravels() throws {
        let stream = Content(
            mediaType: "text/event-stream", swiftName: "eventStream", kind: .eventStream(data: TypeUse(.string), terminator: nil))
        let head = Operation(
            id: "peek", swiftName: "peek", typeName: "Peek", method: "HEAD", path: "/",
            requestBody: RequestBody(isRequired: true, contents: [stream]),
            responses: [
                Response(status: .code(200), swiftName: "ok", typeName: "Ok", contents: [ObstacleCourse.json(TypeUse(.string))]),
                Response(
                    status: .code(400), swiftName: "badRequest", typeName: "BadRequest", contents: [ObstacleCourse.json(TypeUse(.string))]),
            ],
            position: ObstacleCourse.position
        )
        let service = Service(title: "Head", version: "1", operations: [head])
        #expect(try emit(service, "Operations.swift").contains("public var body: [UInt8]"))
        #expect(try emit(service, "Operations.swift").contains("case ok\n"))
        #expect(try emit(service, "Client.swift").contains("call.bytes(\"text/event-stream\", input.body)"))
        #expect(try emit(service, "Server.swift").contains("DeclaredFailures(empty: [400])"))
        #expect(try !emit(service, "Handler.swift").contains("func failure"))
    }
}
