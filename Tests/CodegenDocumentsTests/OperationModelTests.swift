import CodegenDocuments
import CodegenModel
import Testing

@Suite("Operations")
struct OperationModelTests {
    private static let document = """
        openapi: 3.2.0
        info: {title: Sessions, version: 1.0.0, description: All about sessions}
        servers: [{url: 'https://{host}/api/{version}/', variables: {host: {default: a.example}, version: {default: v1}}}]
        security: [{bearerAuth: [read]}]
        paths:
          /sessions/{session_id}:
            parameters:
              - {name: session_id, in: path, required: true, schema: {type: string}}
              - {name: trace, in: query, schema: {type: string}}
            get:
              operationId: getSession
              tags: [sessions]
              parameters:
                - {name: X-Request-ID, in: header, schema: {type: string}}
                - {name: trace, in: query, schema: {type: boolean, default: true}}
                - {name: sort, in: query, schema: {type: array, items: {type: string, enum: [asc, desc]}}}
              responses:
                default: {$ref: '#/components/responses/Problem'}
                '404': {$ref: '#/components/responses/Problem'}
                4XX: {description: Yours}
                '200':
                  description: The session
                  headers: {ETag: {required: true, schema: {type: string}}, Content-Type: {schema: {type: string}}}
                  content:
                    application/json: {schema: {type: object, properties: {id: {type: string}}}}
                    text/event-stream:
                      itemSchema:
                        type: object
                        properties:
                          event: {type: string}
                          data: {type: string, contentMediaType: application/json, contentSchema: {$ref: '#/components/schemas/Chunk'}}
                      x-terminator: '[DONE]'
            post:
              operationId: login
              security: [{}, {basic: []}]
              x-max-body-size: 1024
              requestBody:
                required: true
                content:
                  application/x-www-form-urlencoded; charset=utf-8:
                    schema: {type: object, properties: {name: {type: string}}}
                  application/octet-stream: {}
                  text/html: {}
              responses:
                '204': {description: Done}
        components:
          securitySchemes:
            bearerAuth: {type: oauth2, flows: {clientCredentials: {tokenUrl: https://example.com, scopes: {read: Read}}}}
            basic: {type: http, scheme: Basic}
            unused: {type: apiKey, in: header, name: X-Key}
          responses:
            Problem:
              description: What went wrong
              content: {application/problem+json: {schema: {$ref: 'shared.yaml#/Problem'}}}
          schemas:
            Chunk: {type: string}
        """

    private func read() throws -> Service {
        try service(
            ["/openapi.yaml": Self.document, "/shared.yaml": "Problem: {type: object, properties: {title: {type: string}}}\n"],
            options: .init(types: ["Problem": "APISupport.Problem"])
        )
    }

    @Test("Names, paths and security")
    func heads() throws {
        let service = try read()
        #expect(service.title == "Sessions")
        #expect(service.operations.map(\.swiftName) == ["getSession", "login"])
        #expect(service.operations.map(\.typeName) == ["GetSession", "Login"])
        #expect(service.operations.map(\.method) == ["GET", "POST"])
        #expect(service.operations.map(\.path) == ["/api/v1/sessions/{session_id}", "/api/v1/sessions/{session_id}"])
        #expect(service.operations.map(\.maxBodySize) == [nil, 1024])
        #expect(service.operations[0].position == SourcePosition(file: "/openapi.yaml", line: 10, column: 5))
        #expect(
            service.operations.map(\.security) == [
                [SecurityRequirement(schemes: [.init(swiftName: "bearerAuth", scopes: ["read"])])],
                [SecurityRequirement(schemes: []), SecurityRequirement(schemes: [.init(swiftName: "basic", scopes: [])])],
            ])
        #expect(service.securitySchemes.map(\.name) == ["basic", "bearerAuth"])
        #expect(service.securitySchemes.map(\.kind) == [.basic, .bearer])
    }

    @Test("Parameters by location; the operation's stand over the path's")
    func parameters() throws {
        let parameters = try read().operations[0].parameters
        #expect(parameters.map(\.name) == ["session_id", "trace", "sort", "X-Request-ID"])
        #expect(parameters.map(\.swiftName) == ["sessionID", "trace", "sort", "xRequestID"])
        #expect(parameters.map(\.isRequired) == [true, false, false, false])
        #expect(parameters[1].defaultValue == .boolean(true))
        #expect(parameters[2].type == TypeUse(.array(TypeUse(.named("GetSessionSortItem")))))
    }

    @Test("Responses in order, with headers, streams and types from outside")
    func responses() throws {
        let responses = try read().operations[0].responses
        #expect(responses.map(\.status) == [.code(200), .code(404), .range(4), .default])
        #expect(responses.map(\.swiftName) == ["ok", "notFound", "clientError", "`default`"])
        #expect(responses.map(\.typeName) == ["Ok", "NotFound", "ClientError", "Default"])
        #expect(responses[0].headers.map(\.swiftName) == ["eTag"])
        #expect(
            responses[0].contents == [
                Content(mediaType: "application/json", swiftName: "json", kind: .json(TypeUse(.named("GetSessionOkJSON")))),
                Content(
                    mediaType: "text/event-stream", swiftName: "eventStream",
                    kind: .eventStream(data: TypeUse(.string), terminator: "[DONE]")),
            ])
        let problem = TypeUse(.external("APISupport.Problem"))
        #expect(responses[1].contents.map(\.kind) == [.json(problem)])
    }

    @Test("Bodies by media type")
    func bodies() throws {
        let service = try read()
        let body = try #require(service.operations[1].requestBody)
        #expect(body.isRequired)
        #expect(
            body.contents == [
                Content(
                    mediaType: "application/x-www-form-urlencoded", swiftName: "form",
                    kind: .form(TypeUse(.named("LoginForm")), FormEncoding())),
                Content(mediaType: "application/octet-stream", swiftName: "binary", kind: .binary),
                Content(mediaType: "text/html", swiftName: "html", kind: .text),
            ])
        #expect(service.types.map(\.name) == ["Chunk", "GetSessionOkJSON", "GetSessionSortItem", "LoginForm"])
    }

    @Test("JSON documents and OpenAPI 3.0 are read too")
    func json() throws {
        let text =
            #"{"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"get": {"responses": {"200": {"description": "\u00e9"}}}}}}"#
        let service = try service(["/openapi.json": text], roots: ["/openapi.json"])
        #expect(service.operations.map(\.swiftName) == ["getA"])
        #expect(service.operations.map(\.id) == ["get /a"])
        #expect(service.operations[0].responses[0].description == "é")
    }
}
