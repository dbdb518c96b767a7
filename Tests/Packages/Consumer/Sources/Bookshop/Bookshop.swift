import APISupport

/// One book, answered in process through the generated server and client.
struct Shelf: APIHandler {
    func getBook(_ input: Operations.GetBook.Input, context: CallContext) async throws -> Operations.GetBook.Output {
        guard input.id == 1 else { return .notFound }
        return .ok(Schemas.Book(id: 1, title: "Crafting Interpreters", priceCents: 3_999))
    }
}

@main
struct Bookshop {
    static func main() async throws {
        let router = APIRouter(routes: Server(handler: Shelf()).routes)
        let client = Client(serverURL: "http://localhost", transport: InProcessTransport(router: router))
        let book = try await client.getBook(.init(id: 1)).ok
        print(book.title)
    }
}
