import APISupport
import HTTPTypes
import Testing
import WireAPI

@Suite("Bodies on the wire")
struct WireBodyTests {
    private let wire = Wire()

    private func sent() -> String { String(decoding: wire.lastRequest?.body ?? [], as: UTF8.self) }

    // MARK: Forms

    @Test("a form with fields in every encoding")
    func form() async throws {
        let filter = Schemas.Filter(name: "a&b=\"ü\"", size: 3, tags: [",", ""])
        let form = Schemas.Form(
            name: "a b+c&d=ü", count: 5, tags: ["x,y", "", "z"], piped: ["p", "q r"], comma: ["c,d", "e/f"], nested: filter,
            list: [filter, .init(name: "m")], deep: .init(name: "n", sizes: [1, 2], range: .init(min: 1.5)), json: "\"j\"", blank: "")
        let answer = try await wire.client.form(.init(body: form)).ok
        #expect(answer == form)
        #expect(
            sent().hasPrefix("name=a+b%2Bc%26d%3D%C3%BC&count=5&tags=x%2Cy&tags=&tags=z&piped=p%7Cq+r&comma=c%2Cd,e/f&nested=%7B%22name"))
        #expect(sent().contains("&deep%5Bname%5D=n&deep%5Bsizes%5D=1&deep%5Bsizes%5D=2&deep%5Brange%5D%5Bmin%5D=1.5&json="))
    }

    @Test("what is wrong with a form's fields, all at once")
    func invalidForm() async throws {
        let fields: HTTPFields = [.contentType: "application/x-www-form-urlencoded; charset=utf-8"]
        let body = "count=x&count=2&nested=%7B&list=%7B%22name%22:%22%22%7D&deep[range][min]=x&other=1&name="
        #expect(
            try await wire.violations(.post, "/form", fields, body: [UInt8](body.utf8)) == [
                "/count type", "/count duplicate", "/nested type", "/list/0/name minLength", "/name minLength", "/deep/range/min type",
            ])
        let many = Array(repeating: "a=1", count: 1_001).joined(separator: "&")
        #expect(try await wire.send(.post, "/form", fields, body: [UInt8](many.utf8)).status == 400)
        let broken = try await wire.send(.post, "/form", fields, body: [UInt8]("name=%ZZ%FF%".utf8))
        #expect(broken.status == 200 && broken.body.hasPrefix("name=%25ZZ%EF%BF%BD%25&count=3"))
    }

    // MARK: Multipart

    @Test("a multipart body with text, JSON, lists and files")
    func multipart() async throws {
        let filter = Schemas.Filter(name: "ü", size: 3)
        let body = Operations.Multipart.MultipartBody(
            title: "a\r\n--b\"ü", count: 2, level: .high, filter: filter, tags: ["x,y", "", "z"],
            file: MultipartFile([0, 255, 13, 10, 45, 45], filename: "a \"b\"\\c;ü.bin", mediaType: "application/x-thing"),
            images: [MultipartFile([1], filename: "1.png"), MultipartFile([], mediaType: "image/gif")],
            signed: MultipartValue("s", headerFields: [HTTPField.Name("X-Signature")!: "abc"]))
        let answer = try await wire.client.multipart(.init(body: body)).ok
        #expect(answer.title == body.title && answer.filter == filter && answer.file == body.file)
        let input = try #require(wire.last(Operations.Multipart.Input.self)?.body)
        #expect(
            input.title == body.title && input.count == 2 && input.level == .high && input.tags == body.tags && input.signed == body.signed)
        #expect(input.file == body.file)
        #expect(input.images?.map(\.mediaType) == ["image/png", "image/gif"] && input.images?.map(\.bytes) == [[1], []])
        let boundary = try #require(wire.lastRequest?.head.headerFields[.contentType]?.split(separator: "=").last)
        #expect(
            sent().hasPrefix(
                "--\(boundary)\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\na\r\n--b\"ü\r\n"
                    + "--\(boundary)\r\nContent-Disposition: form-data; name=\"count\"\r\n\r\n2\r\n"))
        #expect(sent().hasSuffix("\r\n--\(boundary)--\r\n"))
    }

    private let multipartFields: HTTPFields = [.contentType: "multipart/form-data; boundary=\"b b\""]

    private func multipartBody(_ parts: [(head: String, body: String)], end: String = "--b b--") -> [UInt8] {
        [UInt8]((parts.map { "--b b\r\n\($0.head)\r\n\r\n\($0.body)\r\n" }.joined() + end).utf8)
    }

    private func part(_ name: String) -> String { "Content-Disposition: form-data; name=\"\(name)\"" }

    @Test("what is wrong with parts, all at once")
    func invalidMultipart() async throws {
        let body = multipartBody([
            (part("title"), String(repeating: "x", count: 21)), (part("count"), "x"), (part("level"), "middle"),
            (part("filter") + "\r\nContent-Type: application/json", "{\"size\":\"x\"}"), (part("tags"), "1"), (part("tags"), "2"),
            (part("tags"), "3"), (part("tags"), "4"), (part("images") + "\r\nContent-Type: text/html", ""), (part("signed"), "s"),
            (part("other"), ""), (part("count"), "2"),
        ])
        #expect(
            try await wire.violations(.post, "/multipart", multipartFields, body: body) == [
                "/title maxLength", "/count duplicate", "/level enum", "/filter/size type", "/filter/name required", "/tags maxItems",
                "/file required", "/images/0 contentMediaType", "/signed required", "/other additionalProperties",
            ])
    }

    @Test("hostile multipart bodies are refused")
    func hostileMultipart() async throws {
        func status(_ contentType: String, _ body: [UInt8], chunks: Int = 7) async throws -> Int {
            try await wire.send(.post, "/multipart", [.contentType: contentType], body: body, chunks: chunks).status
        }
        let whole = multipartBody([(part("title"), "t"), (part("file"), "f")])
        #expect(try await status("multipart/form-data; boundary=\"b b\"", whole) == 200)
        #expect(try await status("multipart/form-data", whole) == 400)
        #expect(try await status("multipart/form-data; boundary=", whole) == 400)
        #expect(try await status("multipart/form-data; boundary=other", whole) == 400)
        #expect(try await status("multipart/form-data; boundary=\"b b\"", multipartBody([(part("title"), "t")], end: "")) == 400)
        let endless = [UInt8]("--b b\r\nX: ".utf8) + [UInt8](repeating: 0x61, count: 20_000)
        #expect(try await status("multipart/form-data; boundary=\"b b\"", endless, chunks: 100) == 400)
        let many = multipartBody(Array(repeating: ("A: b", ""), count: 100_000))
        #expect(try await status("multipart/form-data; boundary=\"b b\"", many, chunks: 65_536) == 400)
        let large = multipartBody([(part("title"), String(repeating: "x", count: 1 << 20))])
        #expect([400, 413].contains(try await status("multipart/form-data; boundary=\"b b\"", large, chunks: 65_536)))
        let utf8 = [UInt8]("--b b\r\n\(part("title"))\r\n\r\n".utf8) + [0xFF, 0xFE] + [UInt8]("\r\n--b b--".utf8)
        #expect(try await status("multipart/form-data; boundary=\"b b\"", utf8) == 400)
    }

    @Test("parts one by one, as they come")
    func parts() async throws {
        let parts = MultipartStream([
            MultipartPart(name: "a\"b", filename: "ü.txt", mediaType: "text/plain", body: ByteStream([UInt8]("one\r\n--two".utf8))),
            MultipartPart(name: "skipped", body: ByteStream([1, 2, 3])),
            MultipartPart(headerFields: HTTPFields(), body: ByteStream(Chunks(bytes: [UInt8](repeating: 13, count: 1_000), size: 3))),
        ])
        var received: [(String?, String?, [UInt8])] = []
        for try await part in try await wire.client.parts(.init(body: parts)).ok {
            received.append((part.name, part.filename, try await part.body.collect(upTo: 10_000) ?? []))
        }
        #expect(received.map(\.0) == ["a\"b", "skipped", nil] && received.first?.1 == "ü.txt")
        #expect(received.map(\.2) == [[UInt8]("one\r\n--two".utf8), [], [UInt8](repeating: 13, count: 1_000)])
        let answer = try await wire.send(
            .post, "/parts", [.contentType: "multipart/form-data; boundary=b"], body: [UInt8]("--b\r\n\r\nx".utf8), chunks: 1)
        #expect(answer.status == 400)
        #expect(try await wire.send(.post, "/parts", [.contentType: "multipart/form-data"], body: [1]).status == 400)
    }

    @Test("parts by their places: those of prefixItems, and any number of items")
    func mixed() async throws {
        let filter = Schemas.Filter(name: "ü", size: 1)
        let body = Operations.Mixed.MultipartBody(
            summary: "a", part2: filter, part3: 7, items: [MultipartFile([1, 2], filename: "a\"b.png")])
        #expect(try await wire.client.mixed(.init(body: body)).ok.items == Array(repeating: filter, count: 4))
        let read = try #require(wire.last(Operations.Mixed.Input.self)?.body)
        #expect(read.summary == "a" && read.part2 == filter && read.part3 == 7 && read.items.map(\.bytes) == [[1, 2]])
        #expect(read.items.map(\.mediaType) == ["image/png"] && read.items.map(\.filename) == ["a\"b.png"])
        #expect(!sent().contains("name=\"0\"") && sent().contains("\r\nContent-Type: application/vnd.filter+json\r\n"))
        #expect(try await wire.client.mixed(.init(body: .init(summary: "a", part2: filter))).ok.items.count == 2)

        func violations(_ parts: [(String, String)]) async throws -> [String] {
            let text = parts.map { "--b\r\n\($0)\r\n\r\n\($1)\r\n" }.joined() + "--b--"
            let fields: HTTPFields = [.contentType: "multipart/mixed; boundary=b"]
            return try await wire.violations(.post, "/mixed", fields, body: [UInt8](text.utf8))
        }
        #expect(try await violations([("A: b", "a")]) == [" minItems", "/1 required"])
        let many = [("A: b", String(repeating: "x", count: 11)), ("A: b", "{}"), ("A: b", "x"), ("A: b", ""), ("A: b", "")]
        #expect(
            try await violations(many) == [
                " maxItems", "/0 maxLength", "/1/name required", "/2 type", "/3 contentMediaType", "/4 contentMediaType",
            ])
    }

    @Test("parts of names that the schema leaves open")
    func others() async throws {
        let body = Operations.Others.MultipartBody(title: "t", additionalProperties: ["b": 2, "a": 1])
        guard case .formData(let answer) = try await wire.client.others(.init(body: body)).ok else { Issue.record(); return }
        #expect(wire.last(Operations.Others.Input.self)?.body.additionalProperties == ["a": 1, "b": 2])
        let filters = [0, 1].map { Schemas.Filter(name: "n", size: $0) }
        #expect(answer.additionalProperties == ["a": [filters[0]], "b": filters])
        func violations(_ parts: [(String, String)]) async throws -> [String] {
            try await wire.violations(.post, "/others", multipartFields, body: multipartBody(parts.map { (part($0), $1) }))
        }
        #expect(
            try await violations([("a", "0"), ("b/c", "x"), ("d", "1"), ("d", "2")]) == [
                "/title required", "/a minimum", "/b~1c type", "/d duplicate",
            ])
        let raw = try await wire.send(
            .post, "/others", [.contentType: "multipart/form-data; boundary=\"b b\"", .accept: "multipart/mixed"],
            body: multipartBody([(part("title"), "t"), (part("x"), "65")]))
        #expect(raw.status == 200 && raw.body.split(separator: "name=\"x\"").count == 3 && raw.body.contains("\r\n\r\nA\r\n"))
    }

    @Test("what codegen.yaml has streamed comes in pieces; JSON beside it does not")
    func streamedByConfiguration() async throws {
        func sent(_ body: Operations.Archive.Body) async throws -> [UInt8] {
            try await wire.client.archive(.init(body: body)).ok.collect(upTo: 1_000) ?? []
        }
        let chunks = ByteStream(Chunks(bytes: [1, 2, 3], size: 1))
        #expect(try await sent(.zip(chunks)) == [1, 2, 3])
        #expect(try await sent(.video(MediaBody(chunks, mediaType: "video/mp4"))) == [1, 2, 3])
        #expect(try await sent(.formData(MultipartStream([MultipartPart(name: "file", body: chunks)]))) == [1, 2, 3])
        #expect(try await sent(.json(.init(name: "n"))) == [UInt8(ascii: "n")])
    }

    // MARK: Sequences

    @Test("JSON Lines and JSON text sequences, both ways")
    func items() async throws {
        let items: [Schemas.Filter] = [.init(name: "a\nb", size: 1), .init(name: "ü"), .init(name: "c", tags: ["\u{1E}"])]
        for body in [Operations.Items.Body.jsonl(ItemStream(items)), .jsonSeq(ItemStream(items))] {
            var received: [Schemas.Filter] = []
            guard case .xNdjson(let stream) = try await wire.client.items(.init(body: body)).ok else { Issue.record(); return }
            for try await item in stream { received.append(item) }
            #expect(received == items)
        }
        let answer = try await wire.send(
            .post, "/items", [.contentType: "application/json-seq", .accept: "application/json-seq"],
            body: [UInt8]("\u{1E}{\"name\":\n\"a\"}\n\u{1E}\u{1E}{\"name\":\"b\"}".utf8), chunks: 1)
        #expect(answer.status == 200 && answer.body == "\u{1E}{\"name\":\"a\"}\n\u{1E}{\"name\":\"b\"}\n")
        #expect(answer.fields[.contentType] == "application/json-seq")
    }

    @Test("an item that is wrong is the answer that is declared")
    func invalidItems() async throws {
        let lines: HTTPFields = [.contentType: "application/jsonl"]
        #expect(
            try await wire.violations(.post, "/items", lines, body: [UInt8]("{\"name\":\"a\"}\n\n{\"name\":\"\"}\n".utf8)) == [
                "/1/name minLength"
            ])
        func status(_ type: String, _ text: String) async throws -> Int {
            try await wire.send(.post, "/items", [.contentType: type], body: [UInt8](text.utf8), chunks: 5).status
        }
        #expect(try await status("application/jsonl", "{\"name\":\"a\"}\r\n{\"name\":\"b\"}") == 200)
        #expect(try await status("application/jsonl", "{\"name\":") == 400)
        #expect(try await status("application/json-seq", "{\"name\":\"a\"}\n") == 400)
        #expect(try await status("application/jsonl", String(repeating: "{\"name\":\"a\"}\n", count: 1_000)) == 413)
    }

    // MARK: Bytes and texts

    @Test("every kind of body by its media type, or none")
    func bytes() async throws {
        #expect({ if case .noContent = $0 { true } else { false } }(try await wire.client.bytes(.init())))
        guard
            case .binary(let stream) = try await wire.client.bytes(.init(body: .binary(ByteStream(Chunks(bytes: [1, 2, 3], size: 1))))).ok
        else { Issue.record(); return }
        #expect(try await stream.collect(upTo: 10) == [1, 2, 3])
        guard case .image(let image) = try await wire.client.bytes(.init(body: .image(MediaBody([9], mediaType: "image/png")))).ok
        else { Issue.record(); return }
        #expect(image == MediaBody([9], mediaType: "image/png"))
        await #expect(throws: UndeclaredMediaType.self) {
            try await wire.client.bytes(.init(body: .image(MediaBody([9], mediaType: "text/html"))))
        }
        guard case .text(let xml) = try await wire.client.bytes(.init(body: .xml("<a>ü</a>"))).ok else { Issue.record(); return }
        #expect(xml == "<a>ü</a>")
        guard case .text(let one) = try await wire.client.bytes(.init(body: .vndExamplePlusJSON("x"))).ok else { Issue.record(); return }
        guard case .vndExamplePlusJSON(2) = try await wire.client.bytes(.init(body: .vndExamplePlusJSON2(2))).ok else {
            Issue.record(); return
        }
        #expect(one == "one: x")
    }

    @Test("media types are matched with their parameters; charsets are read")
    func mediaTypes() async throws {
        func send(_ type: String, _ body: [UInt8]) async throws -> (Int, String) {
            let answer = try await wire.send(.post, "/bytes", [.contentType: type], body: body)
            return (answer.status, answer.body)
        }
        #expect(try await send("application/vnd.example+json; charset=utf-8; VERSION=\"2\"", [UInt8]("7".utf8)) == (200, "7"))
        #expect(try await send("application/vnd.example+json", [UInt8]("7".utf8)).0 == 415)
        #expect(try await send("text/plain; charset=iso-8859-1", [0xFC]) == (200, "ü"))
        #expect(try await send("text/plain", [0xFC]).0 == 400)
        #expect(try await send("text/plain; charset=utf-16", [0xFC]).0 == 415)
        #expect(try await send("application/json", [1]).0 == 415)
        #expect(
            try await wire.send(.post, "/bytes", [.contentType: "text/plain"], body: [UInt8](repeating: 65, count: 100_001)).status == 413)
        #expect(
            try await wire.send(
                .post, "/bytes", [.contentType: "application/octet-stream"], body: [UInt8](repeating: 65, count: 1_000), chunks: 10
            ).body.count == 1_000)
    }

    // MARK: Answers

    @Test("the answer's form is negotiated, and its headers are typed")
    func negotiated() async throws {
        let answer = try await wire.client.negotiated(.init()).ok
        #expect(answer.xNumber == 7 && answer.xList == ["a,b", "c \"d\"", ""] && answer.xColor == .init(r: 1, b: 3))
        #expect(answer.xExploded == .init(g: 2) && answer.xFilter == .init(name: "ü", tags: [","]))
        #expect(answer.setCookie == ["a=1; Path=/", "b=2, 3"])
        let raw = try await wire.send(.get, "/negotiated")
        #expect(raw.fields[HTTPField.Name("X-Color")!] == "R,1,B,3" && raw.fields[HTTPField.Name("X-Exploded")!] == "G=2")
        #expect(raw.fields[values: .setCookie] == ["a=1; Path=/", "b=2, 3"])
        for (accept, expected) in [
            ("text/csv", "text/csv; charset=utf-8"), ("*/*", "application/json"),
            ("text/*;q=0.5, application/*;q=0.1", "text/csv; charset=utf-8"),
            ("application/json;q=0, */*;q=0.2", "text/csv; charset=utf-8"), ("text/event-stream, text/csv;q=0.9", "text/event-stream"),
        ] {
            let answer = try await wire.send(.get, "/negotiated", [.accept: accept])
            #expect(answer.status == 200 && answer.fields[.contentType] == expected)
        }
        let none = try await wire.send(.get, "/negotiated", [.accept: "image/png, application/json;q=0"])
        #expect(none.status == 406 && none.fields[.contentType] == "application/problem+json")
        let head = try await wire.send(.head, "/negotiated")
        #expect(head.status == 200 && head.body.isEmpty && head.fields[.contentType] == "application/json")
    }

    @Test("server-sent events without a schema carry text")
    func textEvents() async throws {
        let answer = try await wire.send(.get, "/negotiated", [.accept: "text/event-stream"])
        #expect(answer.body == "data: one\n\ndata: two\ndata: lines\n\ndata: \n\n")
        let router = APIRouter(routes: [
            APIRoute(method: .get, path: "/negotiated", operationID: "x") { _, _ in
                var response = ServerResponse.eventStream(200, EventStream(WireEvents(texts: ["a", "b\nc"])), terminator: nil)
                response.setHeader("X-Number", Int64(1))
                response.setHeader("X-Color", "R,1")
                return response
            }
        ])
        let client = Client(serverURL: "http://localhost", transport: InProcessTransport(router: router))
        guard case .eventStream(let events) = try await client.negotiated(.init()).ok.body else { Issue.record(); return }
        var texts: [String] = []
        for try await event in events { texts.append(event.data) }
        #expect(texts == ["a", "b\nc"])
    }

    @Test("an exact status is before its range, the range before default")
    func statuses() async throws {
        for (status, expected) in [(201, "created"), (404, "clientError(404"), (503, "default(503"), (302, "default(302")] {
            let router = APIRouter(routes: [
                APIRoute(method: .get, path: "/negotiated", operationID: "x") { _, _ in
                    .json(status, "application/problem+json") { Problem(type: "urn:x", title: "T", status: status).write(to: &$0) }
                }
            ])
            let output = try await Client(serverURL: "http://localhost", transport: InProcessTransport(router: router)).negotiated(.init())
            let found =
                switch output {
                case .ok: "ok"
                // A body that is not declared is not read.
                case .created: "created"
                case .clientError(let code, _): "clientError(\(code)"
                case .default(let code, _): "default(\(code)"
                }
            #expect(found == expected)
        }
    }
}
