import APISupport
import BareAPI
import HTTPTypes
import Testing

struct BareHandler: BareAPI.APIHandler {
    func toy(_ input: Operations.Toy.Input, context: CallContext) async throws -> Operations.Toy.Output {
        .default(statusCode: input.id == "rex" && input.toyName == "a b" ? 299 : 404)
    }

    func putToy(
        _ input: Operations.PutToy.Input, principal: String, context: CallContext
    ) async throws -> Operations.PutToy.Output {
        .default(statusCode: input.id == 7 && input.toyName == "ball" && principal == "good" ? 204 : 500)
    }
}

struct BareSecurity: BareAPI.SecurityHandler {
    func petstoreAuth(_ token: String, scopes: [String], context: CallContext) async throws -> String {
        guard token == "good", scopes == ["a:b"] else { throw RequestFailure(.unauthenticated, detail: "Unknown token.") }
        return token
    }
}

@Suite("Operations that say little: no responses, placeholders without parameters, a security scheme that is not declared")
struct BareOperationTests {
    private func client(token: String?) -> BareAPI.Client {
        let router = APIRouter(routes: BareAPI.Server(handler: BareHandler(), security: BareSecurity()).routes)
        return BareAPI.Client(
            serverURL: "http://localhost", transport: InProcessTransport(router: router),
            credentials: Credentials(values: token.map { ["petstore_auth": $0] } ?? [:]))
    }

    private static func status(_ output: Operations.Toy.Output) -> Int {
        switch output {
        case .default(let statusCode): statusCode
        }
    }

    private static func status(_ output: Operations.PutToy.Output) -> Int {
        switch output {
        case .default(let statusCode): statusCode
        }
    }

    @Test("A placeholder without a parameter is a string, and any status is an answer")
    func placeholders() async throws {
        let status = try await Self.status(client(token: nil).toy(.init(id: "rex", toyName: "a b")))
        #expect(status == 299)
    }

    @Test("What is asked for but not declared is a bearer token, and nobody comes in without")
    func undeclaredScheme() async throws {
        let accepted = try await Self.status(client(token: "good").putToy(.init(toyName: "ball", id: 7)))
        #expect(accepted == 204)
        let refused = try await Self.status(client(token: "bad").putToy(.init(toyName: "ball", id: 7)))
        // What is not declared is not answered as such: generated code makes it an internal error.
        #expect(refused >= 400)
    }
}
