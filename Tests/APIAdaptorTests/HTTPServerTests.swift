import APIAsyncHTTPClient
import APIHummingbird
import APISupport
import HTTPTypes
import NIOPosix
import Testing

@Suite(.serialized, .timeLimit(.minutes(2)))
struct HTTPServerTests {
    /// Answers with what came: method, path, parameter, body.
    private static let echo = APIRoute(method: .post, path: "/echo/{name}", operationID: "echo") { request, context in
        var input = InputReader(request)
        let name: String? = input.parameter("name", in: .path, required: true)
        do {
            let text = try await input.text(limit: 1_000) ?? ""
            return .text(200, "text/plain", "\(name ?? "")|\(text)")
        } catch {
            return ServerCall.response(to: error, declared: DeclaredFailures(problems: [400, 413]), context: context)
        }
    }

    private static let hello = APIRoute(method: .get, path: "/hello", operationID: "hello") { _, _ in
        .text(200, "text/plain", "hello")
    }

    private let transport = AsyncHTTPClientTransport(responseTimeout: .seconds(60))

    @Test func roundTripKeepsMethodPathFieldsAndBody() async throws {
        try await withServer(routes: [Self.echo]) { server in
            let response = try await transport.send(
                server.request(.post, "/echo/a%20b", [.contentType: "text/plain"], body: [UInt8]("grüße".utf8)))
            #expect(response.head.status == .ok)
            #expect(response.head.headerFields[.contentType] == "text/plain; charset=utf-8")
            #expect(response.head.headerFields[.date]?.hasSuffix(" GMT") == true)
            #expect(response.head.headerFields[HTTPField.Name("X-Request-ID")!]?.isEmpty == false)
            #expect(try await response.body.collect(upTo: 1_000) == [UInt8]("a b|grüße".utf8))
        }
    }

    @Test func whatIsNotThereIsAProblem() async throws {
        try await withServer(routes: [Self.hello]) { server in
            let notFound = try await transport.send(server.request(.get, "/nothing"))
            #expect(notFound.head.status.code == 404)
            let body = try #require(try await notFound.body.collect(upTo: 10_000))
            #expect(try JSONReader.decode(Problem.self, from: body).type == "urn:codelab:problem:not-found")
            let wrongMethod = try await transport.send(server.request(.delete, "/hello"))
            #expect(wrongMethod.head.status.code == 405)
            #expect(wrongMethod.head.headerFields[.allow] == "GET, HEAD, OPTIONS")
        }
    }

    @Test func headHasTheLengthOfGetAndNoBody() async throws {
        try await withServer(routes: [Self.hello]) { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send("HEAD /hello HTTP/1.1\r\nHost: h\r\n\r\nGET /hello HTTP/1.1\r\nHost: h\r\n\r\n")
                let head = try await connection.read(through: "\r\n\r\n")
                #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
                #expect(head.lowercased().contains("content-length: 5\r\n"))
                // The next answer on the same connection follows at once: there was no body.
                let next = try await connection.read(through: "\r\n\r\n")
                #expect(next.hasPrefix("HTTP/1.1 200 OK\r\n"))
                #expect(try await connection.read(5) == [UInt8]("hello".utf8))
            }
        }
    }

    @Test func declaredLengthOverTheLimitIsRefusedBeforeTheBodyIsThere() async throws {
        try await withServer(routes: [Self.echo]) { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send("POST /echo/x HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n")
                let head = try await connection.read(through: "\r\n\r\n")
                #expect(head.hasPrefix("HTTP/1.1 413 "))
                #expect(head.lowercased().contains("connection: close"))
            }
        }
    }

    @Test func chunkedBodyOverTheLimitIsRefused() async throws {
        try await withServer(routes: [Self.echo]) { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send("POST /echo/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
                try await connection.send("800\r\n" + String(repeating: "x", count: 0x800) + "\r\n")
                let head = try await connection.read(through: "\r\n\r\n")
                #expect(head.hasPrefix("HTTP/1.1 413 "))
            }
        }
    }

    @Test func eventsArriveOneByOne() async throws {
        let mayGoOn = Signal<Void>()
        let route = APIRoute(method: .get, path: "/events", operationID: "events") { _, _ in
            let events = EventStream<Int64>(CountedEvents(first: 1, waitBefore: 2, last: 3, signal: mayGoOn))
            return .eventStream(200, events, terminator: "[DONE]") { $1.write($0) }
        }
        try await withServer(routes: [route]) { server in
            let core = ClientCore(serverURL: server.url, transport: transport, credentials: nil)
            let reply = try await core.send(ClientCall(operationID: "events", method: .get, path: "/events"), security: [])
            #expect(try reply.content(["text/event-stream"]) == 0)
            let events: EventStream<Int64> = reply.eventStream(terminator: "[DONE]") { json throws(JSONSyntaxError) in
                try json.readInt64()
            }
            var numbers: [Int64] = []
            for try await event in events {
                numbers.append(event.data)
                // The server makes the second event only after the first one is here.
                if event.data == 1 { await mayGoOn.set(()) }
            }
            #expect(numbers == [1, 2, 3])
        }
    }

    @Test func aClientThatGoesAwayCancelsTheHandler() async throws {
        let wasCancelled = Signal<Bool>()
        let hasStarted = Signal<Void>()
        let route = APIRoute(method: .get, path: "/slow", operationID: "slow") { _, _ in
            await hasStarted.set(())
            await untilCancelled()
            await wasCancelled.set(true)
            return .empty(204)
        }
        try await withServer(routes: [route]) { server in
            await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await transport.send(server.request(.get, "/slow")) }
                await hasStarted.wait()
                group.cancelAll()
                await #expect(throws: (any Error).self) { try await group.waitForAll() }
            }
            #expect(await wasCancelled.wait())
        }
    }

    /// A peer may close the side it sends on and still wait: the handler is cancelled, what it answers is sent.
    @Test(arguments: [true, false]) func aClientThatSendsNoMoreIsAnswered(_ onEventLoop: Bool) async throws {
        let route = APIRoute(method: .get, path: "/slow", operationID: "slow") { _, _ in
            await untilCancelled()
            return .text(200, "text/plain", "cancelled")
        }
        let configuration = APIServerConfiguration(runsHandlersOnEventLoop: onEventLoop)
        try await withServer(routes: [Self.hello, route], configuration: configuration) { server in
            for (path, body) in [("/hello", "hello"), ("/slow", "cancelled")] {
                try await RawConnection.open(port: server.port) { connection in
                    try await connection.send("GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
                    connection.finishSending()
                    let answer = String(decoding: await connection.readToEnd(), as: UTF8.self)
                    #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.hasSuffix("\r\n\r\n\(body)"))
                }
            }
        }
    }

    @Test(arguments: [true, false]) func aClientThatDoesNotReadIsClosed(_ onEventLoop: Bool) async throws {
        let (production, end) = AsyncStream<Never>.makeStream(bufferingPolicy: .bufferingOldest(1))
        let route = APIRoute(method: .get, path: "/endless", operationID: "endless") { _, _ in
            ServerResponse(head: HTTPResponse(status: .ok), body: .stream(ByteStream(EndlessChunks(end: end))))
        }
        let configuration = APIServerConfiguration(idleTimeout: .milliseconds(200), runsHandlersOnEventLoop: onEventLoop)
        try await withServer(routes: [route, Self.hello], configuration: configuration) { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send("GET /endless HTTP/1.1\r\nHost: h\r\n\r\n")
                _ = try await connection.read(through: "\r\n\r\n")
                // Others are served meanwhile.
                #expect(try await transport.send(server.request(.get, "/hello")).head.status == .ok)
                for await _ in production {}
                _ = await connection.readToEnd()
                #expect(connection.isAtEnd)
            }
        }
    }

    @Test func handlersRunWhereTheConfigurationSays() async throws {
        let route = APIRoute(method: .get, path: "/where", operationID: "where") { _, _ in
            await Task.yield()
            let isOnEventLoop = MultiThreadedEventLoopGroup.currentEventLoop != nil
            async let child = MultiThreadedEventLoopGroup.currentEventLoop != nil
            return .text(200, "text/plain", "\(isOnEventLoop), \(await child)")
        }
        for expected in [true, false] {
            try await withServer(routes: [route], configuration: APIServerConfiguration(runsHandlersOnEventLoop: expected)) { server in
                let response = try await transport.send(server.request(.get, "/where"))
                #expect(try await response.body.collect(upTo: 100) == [UInt8]("\(expected), \(expected)".utf8))
            }
        }
    }

    @Test func aClientThatGoesAwayEndsTheStream() async throws {
        let wasCancelled = Signal<Bool>()
        let route = APIRoute(method: .get, path: "/events", operationID: "events") { _, _ in
            let events = EventStream<Int64>(EndlessEvents(wasCancelled: wasCancelled))
            return .eventStream(200, events, terminator: nil) { $1.write($0) }
        }
        try await withServer(routes: [route]) { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send("GET /events HTTP/1.1\r\nHost: h\r\n\r\n")
                _ = try await connection.read(through: "data: 1\n\n")
            }
            #expect(await wasCancelled.wait())
        }
    }

    @Test func aSilentEventStreamHasHeartbeatsThatClientsPassOver() async throws {
        let mayGoOn = Signal<Void>()
        let route = APIRoute(method: .get, path: "/events", operationID: "events") { _, _ in
            let events = EventStream<Int64>(CountedEvents(first: 1, waitBefore: 2, last: 2, signal: mayGoOn))
            return .eventStream(200, events, terminator: nil) { $1.write($0) }
        }
        let configuration = APIServerConfiguration(eventStreamHeartbeat: .milliseconds(20))
        try await withServer(routes: [route], configuration: configuration) { server in
            let core = ClientCore(serverURL: server.url, transport: transport, credentials: nil)
            let reply = try await core.send(ClientCall(operationID: "events", method: .get, path: "/events"), security: [])
            let events: EventStream<Int64> = reply.eventStream(terminator: nil) { json throws(JSONSyntaxError) in try json.readInt64() }
            var iterator = events.makeAsyncIterator()
            #expect(try await iterator.next()?.data == 1)
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send("GET /events HTTP/1.1\r\nHost: h\r\n\r\n")
                let text = try await connection.read(through: ":\n\n\r\n3\r\n:\n\n")
                #expect(text.contains("data: 1\n\n"))
                await mayGoOn.set(())
                // Nothing is sent behind the end of the body: the connection is good for another request.
                #expect(try await connection.read(through: "\r\n0\r\n\r\n").contains("data: 2\n\n"))
                try await connection.send("GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(try await connection.read(through: "\r\n\r\n").hasPrefix("HTTP/1.1 404 "))
            }
            #expect(try await iterator.next()?.data == 2)
            #expect(try await iterator.next() == nil)
        }
    }

    @Test(arguments: ["", "GET /hello HTTP/1.1\r\nHo", "POST /echo/x HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc"])
    func halfARequestIsNotWaitedForLong(_ text: String) async throws {
        let configuration = APIServerConfiguration(idleTimeout: .milliseconds(200))
        try await withServer(routes: [Self.hello, Self.echo], configuration: configuration) { server in
            try await RawConnection.open(port: server.port) { connection in
                if !text.isEmpty { try await connection.send(text) }
                #expect(await connection.readToEnd().starts(with: [UInt8]("HTTP/1.1 2".utf8)) == false)
                #expect(connection.isAtEnd)
            }
        }
    }

    @Test(arguments: ["nonsense\r\n\r\n", "GET /hello HTTP/1.1\r\nBad Header\r\n\r\n", "GET /hello HTTP/9.9\r\n\r\n"])
    func whatIsNotHTTPEndsTheConnectionOnly(_ text: String) async throws {
        try await withServer(routes: [Self.hello]) { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send(text)
                let answer = String(decoding: await connection.readToEnd(), as: UTF8.self)
                #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400 ") || answer.hasPrefix("HTTP/1.1 5"))
            }
            #expect(try await transport.send(server.request(.get, "/hello")).head.status == .ok)
        }
    }

    @Test func headersOverTheLimitAreRefused() async throws {
        let configuration = APIServerConfiguration(maximumHeaderListSize: 4_096)
        try await withServer(routes: [Self.hello], configuration: configuration) { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send("GET /hello HTTP/1.1\r\nHost: h\r\nX-Long: " + String(repeating: "x", count: 100_000))
                let answer = String(decoding: await connection.readToEnd(), as: UTF8.self)
                #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"))
            }
            #expect(try await transport.send(server.request(.get, "/hello")).head.status == .ok)
        }
    }

    @Test func shutdownLetsTheAnswerUnderWayFinish() async throws {
        let hasStarted = Signal<Void>()
        let mayFinish = Signal<Void>()
        let route = APIRoute(method: .get, path: "/slow", operationID: "slow") { _, _ in
            await hasStarted.set(())
            await mayFinish.wait()
            return .text(200, "text/plain", "done")
        }
        try await withServer(routes: [route]) { server in
            async let response = transport.send(server.request(.get, "/slow"))
            await hasStarted.wait()
            await server.shutDown()
            await mayFinish.set(())
            let body = try await response.body.collect(upTo: 100)
            #expect(body == [UInt8]("done".utf8))
        }
    }
}

/// `first...last`; before `waitBefore` it waits for the signal.
private struct CountedEvents: AsyncSequence, Sendable {
    typealias Element = ServerSentEvent<Int64>

    var first: Int64
    let waitBefore: Int64
    let last: Int64
    let signal: Signal<Void>

    func makeAsyncIterator() -> Iterator { Iterator(next: first, events: self) }

    struct Iterator: AsyncIteratorProtocol {
        var next: Int64
        let events: CountedEvents

        mutating func next() async throws -> ServerSentEvent<Int64>? {
            guard next <= events.last else { return nil }
            if next == events.waitBefore { await events.signal.wait() }
            defer { next += 1 }
            return ServerSentEvent(data: next)
        }
    }
}

/// Chunks without end; the end of their consumer finishes `end`.
private struct EndlessChunks: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let end: AsyncStream<Never>.Continuation

    func makeAsyncIterator() -> Iterator { Iterator(end: end) }

    final class Iterator: AsyncIteratorProtocol {
        private let end: AsyncStream<Never>.Continuation

        init(end: AsyncStream<Never>.Continuation) { self.end = end }

        deinit { end.finish() }

        func next() async throws -> [UInt8]? { [UInt8](repeating: 0x78, count: 16_384) }
    }
}

/// One event, then nothing until it is cancelled.
private struct EndlessEvents: AsyncSequence, Sendable {
    typealias Element = ServerSentEvent<Int64>

    let wasCancelled: Signal<Bool>

    func makeAsyncIterator() -> Iterator { Iterator(wasCancelled: wasCancelled) }

    struct Iterator: AsyncIteratorProtocol {
        let wasCancelled: Signal<Bool>
        var isFirst = true

        mutating func next() async throws -> ServerSentEvent<Int64>? {
            if isFirst {
                isFirst = false
                return ServerSentEvent(data: 1)
            }
            await untilCancelled()
            await wasCancelled.set(true)
            throw CancellationError()
        }
    }
}
