import APIHummingbird
import APISupport
import HTTPTypes
import Synchronization
import Testing

/// What one connection does with requests that follow one another, by the bytes.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct HTTPConnectionTests {
    private static let hello = APIRoute(method: .get, path: "/hello", operationID: "hello") { _, _ in
        .text(200, "text/plain", "hello")
    }

    /// Answers without having looked at the body.
    private static let ignored = APIRoute(method: .post, path: "/ignored", operationID: "ignored") { _, _ in
        .text(200, "text/plain", "ignored")
    }

    /// Answers with the length of the body, which is read piece by piece.
    private static let counted = APIRoute(method: .post, path: "/counted", operationID: "counted") { request, _ in
        var count = 0
        do {
            for try await chunk in request.body.stream { count += chunk.count }
            return .text(200, "text/plain", "\(count)")
        } catch let failure as RequestFailure {
            return .text(failure.code.status, "text/plain", "cut off")
        } catch {
            return .text(500, "text/plain", "\(error)")
        }
    }

    private static let streamed = APIRoute(method: .get, path: "/streamed", operationID: "streamed") { _, _ in
        ServerResponse(head: HTTPResponse(status: .ok), body: .stream(ByteStream([UInt8]("streamed".utf8))))
    }

    private static let routes = [hello, ignored, counted, streamed]

    private func withConnection<R: Sendable>(
        _ configuration: APIServerConfiguration = APIServerConfiguration(),
        _ body: @Sendable (inout RawConnection) async throws -> R
    ) async throws -> R {
        try await withServer(routes: Self.routes, configuration: configuration) { server in
            try await RawConnection.open(port: server.port, body)
        }
    }

    @Test(arguments: [true, false]) func requestsThatComeTogetherAreAnsweredInTheirOrder(_ onEventLoop: Bool) async throws {
        try await withConnection(APIServerConfiguration(runsHandlersOnEventLoop: onEventLoop)) { connection in
            let requests = (0..<50).map { number in
                let body = String(repeating: "x", count: number)
                return "POST /counted HTTP/1.1\r\nHost: h\r\nContent-Length: \(number)\r\n\r\n\(body)GET /hello HTTP/1.1\r\nHost: h\r\n\r\n"
            }
            try await connection.send(requests.joined())
            for number in 0..<50 {
                #expect(try await connection.answer() == "\(number)")
                #expect(try await connection.answer() == "hello")
            }
        }
    }

    @Test(arguments: [true, false]) func aLongBodyComesWhole(_ isChunked: Bool) async throws {
        try await withConnection { connection in
            let piece = String(repeating: "x", count: 100_000)
            let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: 2000000"
            try await connection.send("POST /counted HTTP/1.1\r\nHost: h\r\n\(framing)\r\n\r\n")
            for _ in 0..<20 { try await connection.send(isChunked ? "186a0\r\n\(piece)\r\n" : piece) }
            if isChunked { try await connection.send("0\r\n\r\n") }
            #expect(try await connection.answer() == "2000000")
            try await connection.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await connection.answer() == "hello")
        }
    }

    @Test func aBodyThatNobodyReadsIsPassedOver() async throws {
        try await withConnection { connection in
            try await connection.send("POST /ignored HTTP/1.1\r\nHost: h\r\nContent-Length: 300000\r\n\r\n")
            // The answer does not wait for the body.
            #expect(try await connection.answer() == "ignored")
            try await connection.send(String(repeating: "x", count: 300_000) + "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await connection.answer() == "hello")
        }
    }

    /// Also when it waits behind another request.
    @Test(arguments: [0, 1, 20]) func aBodyThatIsCutOffIsAnError(_ before: Int) async throws {
        try await withConnection { connection in
            let hello = String(repeating: "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n", count: before)
            try await connection.send("\(hello)POST /counted HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc")
            connection.finishSending()
            for _ in 0..<before { #expect(try await connection.answer() == "hello") }
            let answer = String(decoding: await connection.readToEnd(), as: UTF8.self)
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400 "))
        }
    }

    /// RFC 9110 §10.1.1.
    @Test func aClientThatWaitsIsToldToGoOnOnceTheBodyIsRead() async throws {
        try await withConnection { connection in
            let fields = "Host: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
            try await connection.send("POST /counted HTTP/1.1\r\n\(fields)")
            #expect(try await connection.read(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try await connection.send("abc")
            #expect(try await connection.answer() == "3")
            // Where nobody reads it, the client is not asked for it, and nothing is read behind its request.
            try await connection.send("POST /ignored HTTP/1.1\r\n\(fields)")
            let answer = String(decoding: await connection.readToEnd(), as: UTF8.self)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.contains("\r\nConnection: close\r\n") && answer.hasSuffix("ignored"))
        }
    }

    @Test func headHasNoBodyWhateverGetHas() async throws {
        try await withConnection { connection in
            for path in ["/hello", "/nothing", "/streamed"] {
                try await connection.send("HEAD \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
                let head = try await connection.read(through: "\r\n\r\n")
                #expect(head.hasPrefix("HTTP/1.1 \(path == "/nothing" ? "404" : "200") "))
                // Another answer follows at once.
                try await connection.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(try await connection.answer() == "hello")
            }
        }
    }

    @Test func whatFollowsAnAnswerAndIsNotHTTPIsRefused() async throws {
        try await withConnection { connection in
            try await connection.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\nnonsense\r\n\r\n")
            #expect(try await connection.answer() == "hello")
            let answer = String(decoding: await connection.readToEnd(), as: UTF8.self)
            #expect(answer.hasPrefix("HTTP/1.1 400 "))
        }
    }

    @Test(arguments: ["HTTP/1.0\r\n", "HTTP/1.1\r\nConnection: close\r\n"]) func aClientThatWantsNoMoreGetsTheEnd(
        _ version: String
    ) async throws {
        try await withConnection { connection in
            try await connection.send("GET /streamed \(version)Host: h\r\n\r\n")
            let answer = String(decoding: await connection.readToEnd(), as: UTF8.self)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.contains("\r\nConnection: close\r\n"))
            #expect(answer.hasSuffix(version.hasPrefix("HTTP/1.0") ? "\r\n\r\nstreamed" : "8\r\nstreamed\r\n0\r\n\r\n"))
        }
    }

    /// A peer that asks on and on and reads nothing holds neither memory nor a connection.
    @Test(arguments: [true, false]) func aClientThatOnlyAsksIsClosed(_ onEventLoop: Bool) async throws {
        let configuration = APIServerConfiguration(idleTimeout: .milliseconds(200), runsHandlersOnEventLoop: onEventLoop)
        let answered = Mutex(0)
        let large = APIRoute(method: .get, path: "/large", operationID: "large") { _, _ in
            answered.withLock { $0 += 1 }
            return .bytes(200, "text/plain", [UInt8](repeating: 0x78, count: 1_000_000))
        }
        try await withServer(routes: [large], configuration: configuration) { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send(String(repeating: "GET /large HTTP/1.1\r\nHost: h\r\n\r\n", count: 500))
                // Others that say nothing are closed in the same time each.
                for _ in 0..<5 { try await RawConnection.open(port: server.port) { _ = await $0.readToEnd() } }
                // What the kernels take, and one answer more.
                #expect(answered.withLock { $0 } < 100)
                _ = await connection.readToEnd()
                #expect(answered.withLock { $0 } < 100)
            }
        }
    }

    @Test func theLastAnswerBeforeShutdownSaysSo() async throws {
        let hasStarted = Signal<Void>()
        let mayFinish = Signal<Void>()
        let route = APIRoute(method: .get, path: "/slow", operationID: "slow") { _, _ in
            await hasStarted.set(())
            await mayFinish.wait()
            return .text(200, "text/plain", "done")
        }
        try await withServer(routes: [route, Self.hello]) { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n")
                await hasStarted.wait()
                try await RawConnection.open(port: server.port) { idle in
                    try await idle.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n")
                    #expect(try await idle.answer() == "hello")
                    await server.shutDown()
                    // A connection without a request is closed at once: by then every connection knows.
                    _ = await idle.readToEnd()
                }
                await mayFinish.set(())
                let answer = String(decoding: await connection.readToEnd(), as: UTF8.self)
                #expect(answer.contains("\r\nConnection: close\r\n") && answer.hasSuffix("done"))
            }
        }
    }
}

extension RawConnection {
    /// The body of the next answer, whose head says its length.
    fileprivate mutating func answer() async throws -> String {
        let head = try await read(through: "\r\n\r\n").lowercased()
        let field = head.split(separator: "\r\n").first { $0.hasPrefix("content-length: ") }
        let length = field.flatMap { Int($0.dropFirst("content-length: ".count)) }
        return String(decoding: try await read(#require(length)), as: UTF8.self)
    }
}
