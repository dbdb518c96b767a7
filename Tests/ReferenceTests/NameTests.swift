import APISupport
import CodegenDocuments
import CodegenModel
import FoundationEssentials
import InterfaceNamesAPI
import Testing

/// `interface-names/names.yaml`: keywords, names of Swift's and of generated code, emoji, right-to-left and invisible characters, digits first,
/// names that differ in case or separators only, and very long ones; as types, properties, enum cases, operations, parameters, headers and form
/// fields. What is sent by the generated client comes through the generated server and back.
@Suite("Names of any kind")
struct NameTests {
    private static let router = APIRouter(routes: InterfaceNamesAPI.Server(handler: NamesHandler(), security: NamesSecurity()).routes)
    let client = InterfaceNamesAPI.Client(
        serverURL: "http://localhost", transport: InProcessTransport(router: Self.router), credentials: nil)

    /// The types of the document, by their names in Swift.
    private static let types: [String: TypeDeclaration] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases/interface-names")
        let documents = ["openapi.yaml", "names.yaml"].map { folder.appending(path: $0).path }
        let types = ServiceReader.read(documents).service?.types ?? []
        return Dictionary(types.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }()

    /// The names of an object's properties, as the document has them.
    private func properties(_ type: String) throws -> [String] {
        guard case .object(let object)? = Self.types[type]?.kind else { throw RequestFailure(.notFound, detail: type) }
        return object.properties.map(\.name)
    }

    private func text(_ value: JSONValue) -> String { String(decoding: JSONWriter.encode(value), as: UTF8.self) }

    private func decode<T: JSONReadable>(_ type: T.Type, _ text: String) throws -> T {
        try JSONReader.decode(type, from: [UInt8](text.utf8))
    }

    private func object(_ names: [String], _ value: (String) -> JSONValue) -> JSONValue {
        var object = JSONObject()
        for name in names { object[name] = value(name) }
        return .object(object)
    }

    private func expectSame<T: JSONReadable & JSONWritable>(_ type: T.Type, _ value: JSONValue) throws {
        let written = String(decoding: JSONWriter.encode(try decode(type, text(value))), as: UTF8.self)
        #expect(written == text(value))
    }

    @Test("Operations of any name answer")
    func operations() async throws {
        #expect(try await callAll() == 48)
    }

    @Test("Parameters, headers, cookies and members arrive, and come back")
    func parameters() async throws {
        let names = try properties("Members")
        #expect(names.count > 230)
        let members = try decode(Schemas.Members.self, text(object(names) { .string($0) }))
        let input = Operations.Parameters.Input(class: "a/b", selfValue: "\"\\(x)", selfValue2: "🚀", dollar0: "שלום", body: members)
        let answer = try await client.parameters(input).ok
        let sent = Mirror(reflecting: input).children.dropLast().map { "\($0.value)" }
        #expect(sent.count > 600)
        #expect(answer.body.inputs == sent)
        #expect(answer.body.body == members)
        let headers = Mirror(reflecting: answer).children.dropLast().map { "\($0.value)" }
        #expect(headers == headers.indices.map { "\($0)" })
        #expect(throws: RequestFailure.self) { try decode(Schemas.Members.self, #"{"class":"","🚀":""}"#) }
    }

    @Test("Fields of a form of any name")
    func form() async throws {
        let fields = try decode(Schemas.Fields.self, text(object(try properties("Fields")) { .string($0) }))
        guard case .ok(let answer) = try await client.form(.init(body: fields)) else { throw RequestFailure(.notFound, detail: "no form") }
        #expect(answer == fields)
    }

    @Test("Cases of any name")
    func cases() throws {
        guard case .stringEnum(let type)? = Self.types["Words"]?.kind else { throw RequestFailure(.notFound, detail: "Words") }
        let words = type.cases.map(\.rawValue)
        #expect(Schemas.Words.allCases.map { Array($0.rawValue.utf8) } == words.map { Array($0.utf8) })
        try expectSame([Schemas.Words].self, .array(words.map { .string($0) }))
        try expectSame([Schemas.OpenWords].self, .array((words + ["other"]).map { .string($0) }))
        for word in words {
            if case .unknown = Schemas.OpenWords(rawValue: word) { Issue.record("\(word)") }
        }
        #expect(Schemas.OpenWords(rawValue: "other") == .unknown("other"))
    }

    @Test("Types of any name, of components and of places")
    func types() throws {
        try expectSame(Schemas.Components.self, object(try properties("Components")) { .object(["name": .string($0)]) })
        try expectSame(Schemas.Inline.self, object(try properties("Inline")) { name in object([name]) { _ in 1 } })
        let names = try properties("Inline")
        try expectSame([Schemas.Union].self, .array(names.map { name in .object(["kind": .string(name), "\(name)!": 1]) }))
    }

    @Test("Texts that would end a literal or a comment")
    func texts() throws {
        let texts = try decode(Schemas.Texts.self, "{}")
        #expect(texts == Schemas.Texts())
        #expect(texts.default == "\\(x) \"\"\" */ #\"\n\u{202e}🚀\u{1}")
        #expect(texts.words.map(\.rawValue) == ["\"\"\"", "\\(x)"])
        #expect(texts.any == ["\\(x)": ["\"", "*/"]])
        #expect(try decode(Schemas.Texts.self, #"{"pattern":"\"(x)*/"}"#).pattern == "\"(x)*/")
        #expect(throws: RequestFailure.self) { try decode(Schemas.Texts.self, #"{"pattern":"(x)"}"#) }
    }
}
