import CodegenDocuments
import CodegenModel
import Foundation
import Testing

@Suite("Filters and names")
struct FilterTests {
    private static let document = """
        openapi: 3.1.0
        info: {title: T, version: '1'}
        paths:
          /pets:
            get: {operationId: listPets, tags: [pets], responses: {'200': {$ref: '#/components/responses/Pets'}}}
            post:
              operationId: upload
              tags: [pets, files]
              requestBody: {content: {application/json: {itemSchema: {$ref: '#/components/schemas/Unused'}}}}
              responses: {'204': {description: Done}}
          /pets/{id}/toys:
            get:
              tags: [toys]
              parameters: [{name: id, in: path, required: true, schema: {type: string}}]
              responses: {'200': {description: Fine, content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}}
        components:
          responses:
            Pets: {description: Fine, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
          schemas:
            Pet: {type: object, properties: {pet_name: {type: string}, best: {$ref: '#/components/schemas/Friend'}}}
            Friend: {type: object, properties: {name: {type: string}}}
            Toy: {type: object, properties: {name: {type: string}}}
            Unused: {type: object, properties: {name: {type: string}}}
        """

    private func read(_ filter: OperationFilter, names: [String: String] = [:]) throws -> Service {
        try service(["/openapi.yaml": Self.document], options: .init(filter: filter, names: NameOverrides(names)))
    }

    @Test("what is named is in, what is excluded is out, and only reached schemas are declared")
    func selects() throws {
        let pets = try read(OperationFilter(include: .init(tags: ["pets"]), exclude: .init(tags: ["files"])))
        #expect(pets.operations.map(\.id) == ["listPets"])
        #expect(pets.types.map(\.name) == ["Friend", "Pet"])
        let toys = try read(OperationFilter(include: .init(paths: ["/pets/*/toys"])))
        #expect(toys.operations.map(\.id) == ["get /pets/{id}/toys"])
        #expect(toys.types.map(\.name) == ["Toy"])
        let both = try read(OperationFilter(include: .init(operations: ["listPets", "get /pets/{id}/toys"])))
        #expect(both.operations.count == 2)
    }

    private static let channels = """
        asyncapi: 3.0.0
        info: {title: T, version: '1'}
        servers: {queue: {host: h, protocol: redis}, mail: {host: h, protocol: smtp}}
        channels:
          a: {address: pets.new, tags: [{name: pets}], servers: [{$ref: '#/servers/queue'}], messages: {m: {payload: {$ref: '#/components/schemas/Pet'}}}}
          b: {address: toys.new, servers: [{$ref: '#/servers/mail'}], messages: {m: {payload: {$ref: '#/components/schemas/Toy'}}}}
        operations:
          newPet: {action: send, channel: {$ref: '#/channels/a'}}
          newToy: {action: send, channel: {$ref: '#/channels/b'}, tags: [{name: toys}], traits: [{tags: [{name: news}]}]}
        components:
          schemas:
            Pet: {type: object, properties: {name: {type: string}}}
            Toy: {type: object, properties: {name: {type: string}}}
        """

    private static func channelService(_ options: ServiceReader.Options) throws -> Service {
        try #require(ServiceReader.read(["/asyncapi.yaml"], options: options, access: .memory(["/asyncapi.yaml": channels])).service)
    }

    @Test(
        "AsyncAPI's operations are chosen by key, tag, address and channel; channels nobody is left to use are out",
        arguments: [
            OperationFilter(include: .init(operations: ["newPet"])), OperationFilter(include: .init(tags: ["pets"])),
            OperationFilter(include: .init(paths: ["pets.*"])), OperationFilter(include: .init(paths: ["a"])),
            OperationFilter(exclude: .init(tags: ["toys"])), OperationFilter(exclude: .init(tags: ["news"])),
        ])
    func selectsChannels(_ filter: OperationFilter) throws {
        let service = try Self.channelService(.init(filter: filter))
        #expect(service.eventOperations.map(\.id) == ["newPet"] && service.eventChannels.map(\.id) == ["a"])
        #expect(service.types.map(\.name) == ["Pet"])
    }

    @Test("channels of protocols for which there is no transport are left out, once it is said which there are")
    func transports() throws {
        let some = try Self.channelService(.init(transports: ["smtp", "amqp"]))
        #expect(some.eventChannels.map(\.id) == ["b"] && some.eventServers.map(\.swiftName) == ["mail"])
        let none = try Self.channelService(.init(transports: []))
        #expect(none.eventChannels.isEmpty && none.eventOperations.isEmpty && none.eventServers.isEmpty)
        let all = ServiceReader.read(["/asyncapi.yaml"], access: .memory(["/asyncapi.yaml": Self.channels]))
        #expect(all.service?.eventChannels.count == 2 && all.diagnostics.map(\.rule) == ["transport-missing", "transport-missing"])
    }

    @Test("what is left out is not checked; the help of an unsupported thing is the filter that leaves it out")
    func helpSkips() throws {
        let broken = ServiceReader.read(["/openapi.yaml"], access: .memory(["/openapi.yaml": Self.document]))
        let help = try #require(broken.diagnostics.first { $0.rule == "unsupported" }?.help)
        let lines = try #require(help.components(separatedBy: "write in codegen.yaml: ").last)
        #expect(lines == "filter: {exclude: {operations: [upload]}}")
        let files = ["/openapi.yaml": Self.document, "/codegen.yaml": "documents: [openapi.yaml]\n\(lines)\n"]
        let configuration = try #require(Configuration.read("/codegen.yaml", access: .memory(files)).configuration)
        let mended = ServiceReader.read(configuration.documents, options: .init(configuration), access: .memory(files))
        #expect(mended.diagnostics.isEmpty)
        #expect(mended.service?.operations.map(\.id) == ["listPets", "get /pets/{id}/toys"])
    }

    @Test(
        "a star stands for anything, and hostile patterns take no time",
        arguments: [
            ("/a/b", "/a/b", true), ("/a/b", "/a/*", true), ("/a/b", "*b", true), ("/a/b", "*", true), ("/a/b", "/*/b*", true),
            ("/a/b", "/a", false), ("/a", "/a/b", false), ("/a/b", "*c", false), ("", "*", true),
            (String(repeating: "a", count: 3000), String(repeating: "*a", count: 1500) + "b", false),
        ])
    func patterns(path: String, pattern: String, matches: Bool) throws {
        let document = """
            openapi: 3.1.0
            info: {title: T, version: '1'}
            webhooks: {'\(path)': {post: {operationId: hook, responses: {'204': {description: Done}}}}}
            """
        let options = ServiceReader.Options(filter: OperationFilter(include: .init(paths: [pattern])))
        let result = ServiceReader.read(["/openapi.yaml"], options: options, access: .memory(["/openapi.yaml": document]))
        #expect((result.service?.webhooks.count == 1) == matches)
    }

    @Test("names are the configuration's, then the document's, then made")
    func names() throws {
        let service = try read(
            OperationFilter(exclude: .init(operations: ["upload"])),
            names: ["listPets": "allPets", "Pet": "Animal", "Pet.pet_name": "title", "get /pets/{id}/toys": "toys"])
        #expect(service.operations.map(\.swiftName) == ["allPets", "toys"])
        #expect(service.operations.map(\.typeName) == ["AllPets", "Toys"])
        let pet = try #require(service.types.first { $0.name == "Animal" })
        guard case .object(let object) = pet.kind else { return #expect(Bool(false), "no struct") }
        #expect(object.properties.map(\.swiftName) == ["title", "best"])
    }

    @Test("parameters and enum values have names of one's choosing, too")
    func namesOfParts() throws {
        let document = """
            openapi: 3.1.0
            info: {title: T, version: '1'}
            paths:
              /a:
                get:
                  operationId: list
                  parameters: [{name: page_size, in: query, schema: {type: string}}, {name: sort, in: query, schema: {type: string}}]
                  responses: {'204': {description: Done}}
            components:
              schemas:
                Status: {type: string, enum: [on-hold, '2', c], x-enum-varnames: [HOLD, SECOND_STATE]}
            """
        let names = ["list.page_size": "limit", "list.sort": "limit", "Status.on-hold": "waiting"]
        let service = try service(["/openapi.yaml": document], options: .init(names: NameOverrides(names)))
        #expect(service.operations[0].parameters.map(\.swiftName) == ["limit", "sort"])
        guard case .stringEnum(let type)? = service.types.first?.kind else { return #expect(Bool(false), "no enum") }
        #expect(type.cases.map(\.swiftName) == ["waiting", "secondState", "c"])
    }

    @Test("a chosen name settles two ids that would be one in Swift")
    func settlesCollisions() throws {
        let document = """
            openapi: 3.1.0
            info: {title: T, version: '1'}
            paths:
              /a:
                get: {operationId: get_user, responses: {'204': {description: Done}}}
                put: {operationId: getUser, responses: {'204': {description: Done}}}
            """
        let files = ["/openapi.yaml": document]
        let refused = ServiceReader.read(["/openapi.yaml"], access: .memory(files))
        #expect(refused.diagnostics.map(\.rule) == ["operation-id-unique"])
        let service = try service(files, options: .init(names: NameOverrides(["get_user": "fetchUser"])))
        #expect(service.operations.map(\.swiftName) == ["fetchUser", "getUser"])
    }
}
