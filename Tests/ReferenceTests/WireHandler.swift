import APISupport
import HTTPTypes
import Synchronization
import WireAPI

/// Keeps what it got, and gives bodies back.
struct WireHandler: APIHandler {
    /// The inputs, and the requests that brought them.
    final class Record: Sendable {
        let inputs = Mutex<[any Sendable]>([])
        let requests = Mutex<[ClientRequest]>([])
    }

    let recorded = Record()

    private func record(_ input: any Sendable) { recorded.inputs.withLock { $0.append(input) } }

    func simplePathText(_ input: Operations.SimplePathText.Input, context: CallContext) async throws -> Operations.SimplePathText.Output {
        record(input)
        return .noContent
    }

    func simplePathArray(_ input: Operations.SimplePathArray.Input, context: CallContext) async throws -> Operations.SimplePathArray.Output
    {
        record(input)
        return .noContent
    }

    func simplePathObject(
        _ input: Operations.SimplePathObject.Input, context: CallContext
    ) async throws -> Operations.SimplePathObject.Output {
        record(input)
        return .noContent
    }

    func simplePathExplodedText(
        _ input: Operations.SimplePathExplodedText.Input, context: CallContext
    ) async throws -> Operations.SimplePathExplodedText.Output {
        record(input)
        return .noContent
    }

    func simplePathExplodedArray(
        _ input: Operations.SimplePathExplodedArray.Input, context: CallContext
    ) async throws -> Operations.SimplePathExplodedArray.Output {
        record(input)
        return .noContent
    }

    func simplePathExplodedObject(
        _ input: Operations.SimplePathExplodedObject.Input, context: CallContext
    ) async throws -> Operations.SimplePathExplodedObject.Output {
        record(input)
        return .noContent
    }

    func labelPathText(_ input: Operations.LabelPathText.Input, context: CallContext) async throws -> Operations.LabelPathText.Output {
        record(input)
        return .noContent
    }

    func labelPathArray(_ input: Operations.LabelPathArray.Input, context: CallContext) async throws -> Operations.LabelPathArray.Output {
        record(input)
        return .noContent
    }

    func labelPathObject(_ input: Operations.LabelPathObject.Input, context: CallContext) async throws -> Operations.LabelPathObject.Output
    {
        record(input)
        return .noContent
    }

    func labelPathExplodedText(
        _ input: Operations.LabelPathExplodedText.Input, context: CallContext
    ) async throws -> Operations.LabelPathExplodedText.Output {
        record(input)
        return .noContent
    }

    func labelPathExplodedArray(
        _ input: Operations.LabelPathExplodedArray.Input, context: CallContext
    ) async throws -> Operations.LabelPathExplodedArray.Output {
        record(input)
        return .noContent
    }

    func labelPathExplodedObject(
        _ input: Operations.LabelPathExplodedObject.Input, context: CallContext
    ) async throws -> Operations.LabelPathExplodedObject.Output {
        record(input)
        return .noContent
    }

    func matrixPathText(_ input: Operations.MatrixPathText.Input, context: CallContext) async throws -> Operations.MatrixPathText.Output {
        record(input)
        return .noContent
    }

    func matrixPathArray(_ input: Operations.MatrixPathArray.Input, context: CallContext) async throws -> Operations.MatrixPathArray.Output
    {
        record(input)
        return .noContent
    }

    func matrixPathObject(
        _ input: Operations.MatrixPathObject.Input, context: CallContext
    ) async throws -> Operations.MatrixPathObject.Output {
        record(input)
        return .noContent
    }

    func matrixPathExplodedText(
        _ input: Operations.MatrixPathExplodedText.Input, context: CallContext
    ) async throws -> Operations.MatrixPathExplodedText.Output {
        record(input)
        return .noContent
    }

    func matrixPathExplodedArray(
        _ input: Operations.MatrixPathExplodedArray.Input, context: CallContext
    ) async throws -> Operations.MatrixPathExplodedArray.Output {
        record(input)
        return .noContent
    }

    func matrixPathExplodedObject(
        _ input: Operations.MatrixPathExplodedObject.Input, context: CallContext
    ) async throws -> Operations.MatrixPathExplodedObject.Output {
        record(input)
        return .noContent
    }

    func formQuery(_ input: Operations.FormQuery.Input, context: CallContext) async throws -> Operations.FormQuery.Output {
        record(input)
        return .noContent
    }

    func formQueryExploded(
        _ input: Operations.FormQueryExploded.Input, context: CallContext
    ) async throws -> Operations.FormQueryExploded.Output {
        record(input)
        return .noContent
    }

    func spaceDelimited(_ input: Operations.SpaceDelimited.Input, context: CallContext) async throws -> Operations.SpaceDelimited.Output {
        record(input)
        return .noContent
    }

    func pipeDelimited(_ input: Operations.PipeDelimited.Input, context: CallContext) async throws -> Operations.PipeDelimited.Output {
        record(input)
        return .noContent
    }

    func deepObject(_ input: Operations.DeepObject.Input, context: CallContext) async throws -> Operations.DeepObject.Output {
        record(input)
        return .noContent
    }

    func headerSimple(_ input: Operations.HeaderSimple.Input, context: CallContext) async throws -> Operations.HeaderSimple.Output {
        record(input)
        return .noContent
    }

    func headerExploded(_ input: Operations.HeaderExploded.Input, context: CallContext) async throws -> Operations.HeaderExploded.Output {
        record(input)
        return .noContent
    }

    func cookieForm(_ input: Operations.CookieForm.Input, context: CallContext) async throws -> Operations.CookieForm.Output {
        record(input)
        return .noContent
    }

    func cookieFormExploded(
        _ input: Operations.CookieFormExploded.Input, context: CallContext
    ) async throws -> Operations.CookieFormExploded.Output {
        record(input)
        return .noContent
    }

    func cookieStyle(_ input: Operations.CookieStyle.Input, context: CallContext) async throws -> Operations.CookieStyle.Output {
        record(input)
        return .noContent
    }

    func wholeQuery(_ input: Operations.WholeQuery.Input, context: CallContext) async throws -> Operations.WholeQuery.Output {
        record(input)
        return .noContent
    }

    func wholeQueryJSON(_ input: Operations.WholeQueryJSON.Input, context: CallContext) async throws -> Operations.WholeQueryJSON.Output {
        record(input)
        return .noContent
    }

    func more(_ input: Operations.More.Input, context: CallContext) async throws -> Operations.More.Output {
        record(input)
        return .ok(Schemas.More(text: "\(input.from) \(input.to) \(input.file)"))
    }

    func form(_ input: Operations.Form.Input, context: CallContext) async throws -> Operations.Form.Output { .ok(input.body) }

    func multipart(_ input: Operations.Multipart.Input, context: CallContext) async throws -> Operations.Multipart.Output {
        record(input)
        return .ok(.init(title: input.body.title, filter: input.body.filter, file: input.body.file))
    }

    func parts(_ input: Operations.Parts.Input, context: CallContext) async throws -> Operations.Parts.Output {
        var parts: [MultipartPart] = []
        for try await part in input.body {
            var bytes: [UInt8] = []
            // The body of a part that is called `skipped` is left unread.
            if part.name != "skipped" { for try await chunk in part.body { bytes += chunk } }
            parts.append(MultipartPart(headerFields: part.headerFields, body: ByteStream(bytes)))
        }
        return .ok(MultipartStream(parts))
    }

    func mixed(_ input: Operations.Mixed.Input, context: CallContext) async throws -> Operations.Mixed.Output {
        record(input)
        let count = (input.body.part3 == nil ? 2 : 3) + input.body.items.count
        return .ok(.init(items: Array(repeating: input.body.part2, count: count)))
    }

    func others(_ input: Operations.Others.Input, context: CallContext) async throws -> Operations.Others.Output {
        record(input)
        if context.preferredMediaType == "multipart/mixed" {
            let files = input.body.additionalProperties.mapValues { [MultipartFile([UInt8($0)]), MultipartFile([0])] }
            return .ok(.mixed(.init(title: input.body.title, additionalProperties: files)))
        }
        let filters = input.body.additionalProperties.mapValues { size in (0..<size).map { Schemas.Filter(name: "n", size: $0) } }
        return .ok(.formData(.init(additionalProperties: filters)))
    }

    func archive(_ input: Operations.Archive.Input, context: CallContext) async throws -> Operations.Archive.Output {
        switch input.body {
        case .zip(let stream): return .ok(stream)
        case .video(let video): return .ok(video.body)
        case .json(let filter): return .ok(ByteStream([UInt8](filter.name.utf8)))
        case .formData(let parts):
            var bytes: [UInt8] = []
            for try await part in parts { bytes += try await part.body.collect(upTo: 1_000) ?? [] }
            return .ok(ByteStream(bytes))
        }
    }

    func items(_ input: Operations.Items.Input, context: CallContext) async throws -> Operations.Items.Output {
        var items: [Schemas.Filter] = []
        switch input.body {
        case .jsonl(let stream): for try await item in stream { items.append(item) }
        case .jsonSeq(let stream): for try await item in stream { items.append(item) }
        }
        return .ok(context.preferredMediaType == "application/json-seq" ? .jsonSeq(ItemStream(items)) : .xNdjson(ItemStream(items)))
    }

    func bytes(_ input: Operations.Bytes.Input, context: CallContext) async throws -> Operations.Bytes.Output {
        switch input.body {
        case nil: .noContent
        case .binary(let stream): .ok(.binary(stream))
        case .image(let image): .ok(.image(image))
        case .text(let text): .ok(.text(text))
        case .xml(let text): .ok(.text(text))
        case .vndExamplePlusJSON(let text): .ok(.text("one: \(text)"))
        case .vndExamplePlusJSON2(let number): .ok(.vndExamplePlusJSON(number))
        }
    }

    func negotiated(_ input: Operations.Negotiated.Input, context: CallContext) async throws -> Operations.Negotiated.Output {
        let body: Operations.Negotiated.OkBody =
            switch context.preferredMediaType {
            case "text/csv": .csv("name\nn\n")
            case "text/event-stream": .eventStream(EventStream(WireEvents(texts: ["one", "two\nlines", ""])))
            default: .json(.init(name: "n"))
            }
        return .ok(
            .init(
                xNumber: 7, xList: ["a,b", "c \"d\"", ""], xColor: .init(r: 1, b: 3), xExploded: .init(g: 2),
                xFilter: .init(name: "ü", tags: [","]), setCookie: ["a=1; Path=/", "b=2, 3"], body: body))
    }
}

struct WireEvents: AsyncSequence, Sendable {
    var texts: [String]

    struct AsyncIterator: AsyncIteratorProtocol {
        var texts: ArraySlice<String>

        mutating func next() async throws -> ServerSentEvent<String>? { texts.popFirst().map { ServerSentEvent(data: $0) } }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(texts: texts[...]) }
}

/// Calls the API in this process and keeps the requests as they are sent.
struct WireTransport: ClientTransport {
    let router: APIRouter
    let recorded: WireHandler.Record

    func send(_ request: ClientRequest) async throws -> ClientResponse {
        recorded.requests.withLock { $0.append(request) }
        return try await InProcessTransport(router: router).send(request)
    }
}

/// A server with its client.
struct Wire {
    let handler = WireHandler()

    var router: APIRouter { APIRouter(routes: Server(handler: handler).routes) }
    var client: Client {
        Client(serverURL: "http://localhost", transport: WireTransport(router: router, recorded: handler.recorded))
    }

    /// The input that the last call brought.
    func last<Input>(_ type: Input.Type) -> Input? { handler.recorded.inputs.withLock { $0.last } as? Input }

    var lastRequest: ClientRequest? { handler.recorded.requests.withLock { $0.last } }

    /// What a request by hand is answered with.
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ fields: HTTPFields = [:], body: [UInt8] = [], chunks: Int? = nil
    ) async throws -> (status: Int, fields: HTTPFields, body: String) {
        let head = HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path, headerFields: fields)
        var sent = RequestBody(body)
        if let chunks { sent = RequestBody(stream: ByteStream(Chunks(bytes: body, size: chunks)), contentLength: nil) }
        let response = await router.respond(to: ServerRequest(head: head, body: sent))
        let bytes: [UInt8]
        switch response.body {
        case .none: bytes = []
        case .bytes(let all): bytes = all
        case .stream(let stream): bytes = try await stream.collect(upTo: 1 << 20) ?? []
        }
        return (response.head.status.code, response.head.headerFields, String(decoding: bytes, as: UTF8.self))
    }

    /// The violations of a request by hand: `pointer rule`.
    func violations(
        _ method: HTTPRequest.Method, _ path: String, _ fields: HTTPFields = [:], body: [UInt8] = []
    ) async throws -> [String] {
        let answer = try await send(method, path, fields, body: body)
        let problem = try JSONReader.decode(Problem.self, from: [UInt8](answer.body.utf8))
        return (problem.errors ?? []).map { "\($0.pointer) \($0.rule)" }
    }
}

/// Bytes in pieces.
struct Chunks: AsyncSequence, Sendable {
    var bytes: [UInt8]
    var size: Int

    struct AsyncIterator: AsyncIteratorProtocol {
        var rest: ArraySlice<UInt8>
        let size: Int

        mutating func next() async throws -> [UInt8]? {
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(size) }
            return Array(rest.prefix(size))
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: bytes[...], size: size) }
}
