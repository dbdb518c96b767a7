import CodegenEmitter
import CodegenModel
import Testing

@Suite("Parts and protocols")
struct PartsTests {
    @Test("files of parts that are not asked for are there, and empty")
    func parts() throws {
        let options = EmitterOptions(access: "internal", moduleName: "M", parts: [.types, .client])
        let files = Emitter.emit(ObstacleCourse.service, options: options)
        #expect(files.map(\.name) == Emitter.fileNames)
        let lines = Dictionary(uniqueKeysWithValues: files.map { ($0.name, $0.contents.split(separator: "\n").count) })
        #expect(lines["Handler.swift"] == 1)
        #expect(lines["Server.swift"] == 1)
        #expect(try #require(lines["Client.swift"]) > 1)
        #expect(try #require(lines["Operations.swift"]) > 1)
        let channels = try #require(files.first { $0.name == "Channels.swift" }?.contents)
        #expect(channels.contains("ChannelClient"))
        #expect(!channels.contains("ChannelHandler"))
    }

    @Test("a protocol a tag; the handler is their composition")
    func tags() throws {
        var service = ObstacleCourse.service
        for index in service.operations.indices {
            service.operations[index].tags = index == 0 ? [] : index == 1 ? ["Pets & Co", "other"] : ["m"]
        }
        let options = EmitterOptions(access: "public", moduleName: "MAPI", splitsHandlerByTag: true)
        let text = try #require(Emitter.emit(service, options: options).first { $0.name == "Handler.swift" }?.contents)
        // A protocol with the module's name would hide the module.
        #expect(text.contains("public typealias APIHandler = DefaultAPI & PetsAndCoAPI & MAPI2"))
        #expect(text.contains("public protocol MAPI2: Sendable {"))
        #expect(!text.contains("protocol APIHandler"))
    }
}
