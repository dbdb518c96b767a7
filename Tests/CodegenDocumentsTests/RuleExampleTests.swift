import CodegenModel
import Foundation
import Testing

@testable import CodegenDocuments

@Suite("The examples that explain prints")
struct RuleExampleTests {
    /// Where a piece of a document can stand: `%` is replaced by it, its further lines indented alike.
    static let frames: [String] = {
        let head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"
        let done = "responses: {'204': {description: Done}, default: {description: A problem}}"
        let petstore = "{type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://example.com/t', scopes: {'pets:read': Read}}}}"
        let components =
            "components:\n  schemas:\n    Dog: {type: object, required: [kind], properties: {kind: {const: dog}}}\n"
            + "    Cat: {type: object, required: [kind], properties: {kind: {const: cat}}}\n"
        let schemas = head + "paths: {}\n" + components
        let operation =
            head
            + "paths:\n  /pets:\n    get: {operationId: getPet, parameters: [{name: id, in: query, schema: {type: string}}], \(done)}\n    post:\n      operationId: addPet\n"
        let onePet = head + "paths:\n  /pets/{id}:\n    post:\n      \(done)\n      parameters:\n      "
        let async = "asyncapi: 3.0.0\ninfo: {title: T, version: '1'}\n"
        let web = "servers: {web: {host: localhost, protocol: ws}}\n"
        let listen = "operations: {listen: {action: receive, channel: {$ref: '#/channels/pets'}}}\n"
        let ask = """
            operations:
              ask:
                action: receive
                channel: {$ref: '#/channels/pets'}
                reply: {channel: {$ref: '#/channels/replies'}}
            channels:
              replies:
                address: /pets
                messages:
                  told:
                    payload: {type: object, required: [id], properties: {id: {type: string}}}
              pets:
                address: /pets
                messages:
            """
        return [
            "%", "%\ninfo: {title: T, version: '1'}\npaths: {}", head + "paths: {/pets: {get: {\(done)}}}\n%", head + "paths: {}\n%",
            head + "%", "openapi: 3.1.0\npaths: {}\n%",
            "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n%",
            head + "paths:\n  %", head + "paths:\n  /pets:\n    %",
            "openapi: 3.2.0\ninfo: {title: T, version: '1'}\npaths:\n  /pets:\n    %",
            head + "paths: {}\nservers:\n- %", head + "paths: {}\nexternalDocs: {%}", head + "paths: {}\nexternalDocs:\n  %",
            operation + "      \(done)\n      %", operation + "      %", operation + "      responses:\n        %",
            operation + "      responses:\n        '200':\n          description: Fine\n          %",
            operation
                + "      responses:\n        '200':\n          description: Fine\n          content:\n            application/json:\n              %",
            operation + "      \(done)\n      requestBody:\n        content:\n          %",
            operation + "      \(done)\n      parameters:\n      - %", operation + "      \(done)\n      parameters:\n      %",
            operation + "      \(done)\n      parameters:\n      - name: a\n        in: query\n        %",
            operation + "      \(done)\n      parameters:\n      - %\n"
                + "components: {parameters: {limit: {name: a, in: query, schema: {type: string}}}}",
            operation + "      responses:\n        '200':\n          description: Fine\n          links: {pet: {operationId: getPet, %}}\n"
                + "          content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: string}}}}}",
            operation
                + "      responses: {'204': {description: Done}}\n      requestBody:\n        content: {application/json: {schema: {type: object}}}\n"
                + "      callbacks:\n        told:\n          %: {post: {\(done)}}",
            operation + "      \(done)\n      %\ncomponents: {securitySchemes: {petstore: \(petstore)}}",
            onePet + "- %", onePet + "- {name: id, in: path, required: true, schema: {type: string}}\n      - %",
            head + "paths: {}\nservers:\n- url: https://example.com\n  variables: {port: {default: '443', %}}",
            head
                + "paths:\n  /pets:\n    post:\n      \(done)\n      requestBody:\n        content:\n          application/json:\n            schema:\n              %",
            schemas + "    It:\n      %", schemas + "    Pet: {type: string}\n    It:\n      %", schemas + "    %",
            schemas + "    It: {type: object, properties: {it: %}}", schemas + "    It: {type: string, %}",
            async + web + "%", async + listen + "channels: {pets: {address: /pets, messages: {fed: {payload: {type: string}}}}}\n%",
            async + web + listen + "channels:\n  pets:\n    address: /pets\n    %",
            async + web + listen + "channels:\n  pets:\n    address: /pets\n    messages: {fed: {payload: {type: string}}}\n    %",
            async + web + listen + "channels:\n  pets:\n    address: /pets\n    messages:\n      fed:\n        %",
            async + web + listen + "channels:\n  pets:\n    address: /pets\n    messages:\n      fed:\n"
                + "        payload: {type: object, properties: {id: {type: string}}}\n        %",
            async + web + ask + "\n      %",
        ]
    }()

    static let service = """
        openapi: 3.1.0
        info: {title: T, version: '1'}
        paths: {/pets: {get: {operationId: listPets, tags: [pets], responses: {'204': {description: Done}}}}}
        """

    /// Rules that no piece of one document breaks, and why.
    static let exceptions = [
        "component-renamed": "told when files are bundled (BundleTests)",
        "content-single": "the parameter's reader says in its own words what it asks for, too",
        "document-too-large": "the text stands for a large file (HostileInputTests)",
        "not-utf-8": "the text stands for bytes (HostileInputTests)",
        "parameter-style": "the structure's check says which values the field has, too",
        "security-conflict": "two documents of one service",
        "type-name-collision": "two documents of one service",
        "unsupported": "whatever is not supported (SkippingTests)",
    ]

    private static func rules(_ text: String, in frame: String) -> [Set<String>] {
        let document = fill(frame, with: text)
        return [false, true].map { isStrict in
            let result = ServiceReader.read(
                ["/a.yaml"], options: .init(isStrict: isStrict),
                access: .memory(["/a.yaml": document, "/pets.yaml": "Pet: {type: string}"]))
            return Set(result.diagnostics.map(\.rule))
        }
    }

    private static func configurationRules(_ text: String) -> Set<String> {
        let files = ["/openapi.yaml": service, "/codegen.yaml": "documents: [openapi.yaml]\n" + text + "\n"]
        let result = Configuration.read("/codegen.yaml", access: .memory(files))
        guard let configuration = result.configuration else { return Set(result.diagnostics.map(\.rule)) }
        let read = ServiceReader.read(configuration.documents, options: .init(configuration), access: .memory(files))
        return Set((result.diagnostics + read.diagnostics).map(\.rule))
    }

    private static func fill(_ frame: String, with text: String) -> String {
        guard let place = frame.range(of: "%") else { return frame }
        let line = frame[..<place.lowerBound].split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
        let indent = "\n" + String(repeating: " ", count: line.count)
        return frame.replacingCharacters(in: place, with: text.replacing("\n", with: indent))
    }

    @Test("every rule has one")
    func complete() {
        #expect(Rule.all.filter { $0.wrong == nil || $0.right == nil }.map(\.id) == [])
    }

    @Test("the wrong one breaks its rule and no other, the right one none; rules that need more than a piece of a document are listed")
    func examples() throws {
        for rule in Rule.all {
            guard let wrong = rule.wrong, let right = rule.right else { continue }
            let isShown =
                Self.frames.contains { frame in
                    zip(Self.rules(wrong, in: frame), Self.rules(right, in: frame)).contains { $0 == [rule.id] && $1.isEmpty }
                } || Self.configurationRules(wrong) == [rule.id] && Self.configurationRules(right).isEmpty
            #expect(isShown == (Self.exceptions[rule.id] == nil), "\(rule.id)")
        }
    }
}
