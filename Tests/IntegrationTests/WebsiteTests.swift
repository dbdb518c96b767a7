import APIAsyncHTTPClient
import APISupport
import AsyncHTTPClient
import Crypto
import Foundation
import HTTPTypes
import Testing

@testable import codelab

@Suite("codelab serve website", .serialized)
struct WebsiteTests {
    private struct Answer {
        var status: Int
        var fields: HTTPFields
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// Runs it by itself: no secret, no database, no Redis, and nothing written.
    private func withWebsite(
        _ body: (_ ask: (HTTPRequest.Method, String, HTTPFields) async throws -> Answer) async throws -> Void
    ) async throws {
        try await RunningPlatform.withFolder { folder in
            let portsFile = folder.appending(path: "ports.json").path
            let data = folder.appending(path: "data").path
            let process = try CommandLineRun(
                ["serve", "website", "--port", "0", "--ports-file", portsFile, "--data-dir", data],
                environment: ["CODELAB_WEBSITE_SPECS": RunningPlatform.checkout.appending(path: "specs").path])
            let ports = try await process.ports(in: portsFile)
            try await RunningPlatform.withClient { http in
                let transport = AsyncHTTPClientTransport(client: http)
                try await body { method, path, fields in
                    let head = HTTPRequest(
                        method: method, scheme: "http", authority: "127.0.0.1:\(ports["website"] ?? 0)", path: path, headerFields: fields)
                    let response = try await transport.send(ClientRequest(head: head, operationID: "test"))
                    let bytes = try await response.body.collect(upTo: 1 << 20)
                    return Answer(status: response.head.status.code, fields: response.head.headerFields, body: bytes ?? [])
                }
            }
            process.terminate()
            let result = await process.finish()
            #expect(result.status == 0, "\(result.errors)")
            #expect(!FileManager.default.fileExists(atPath: data))
        }
    }

    @Test("The page names the services and links every file of specs/, each of which is answered as it is", .timeLimit(.minutes(1)))
    func page() async throws {
        let specs = RunningPlatform.checkout.appending(path: "specs").path
        let files = try FileManager.default.subpathsOfDirectory(atPath: specs).filter { $0.hasSuffix(".yaml") }
        #expect(files.count >= 8)
        try await withWebsite { ask in
            let page = try await ask(.get, "/", [:])
            #expect(page.status == 200)
            #expect(page.fields[.contentType] == "text/html; charset=utf-8")
            #expect(page.fields[.xContentTypeOptions] == "nosniff")
            for word in ["Gateway", "Auth", "Runtime", "LLM proxy", CodeLab.version] { #expect(page.text.contains(word)) }
            let links = page.text.matches(of: /href="\/([^"]*)"/).map { String($0.1) }
            #expect(Set(links) == Set(files.map { "specs/\($0)" }))
            #expect(links.count == files.count)
            for link in links {
                let document = try await ask(.get, "/\(link)", [:])
                #expect(document.status == 200)
                #expect(document.fields[.contentType] == "application/yaml")
                #expect(document.fields[.xContentTypeOptions] == "nosniff")
                let file = RunningPlatform.checkout.appending(path: link).path
                #expect(Data(document.body) == FileManager.default.contents(atPath: file), "\(link)")
            }
        }
    }

    @Test("The page's only style is the one that its policy allows; it has no script", .timeLimit(.minutes(1)))
    func policy() async throws {
        try await withWebsite { ask in
            let page = try await ask(.get, "/", [:])
            let policy = try #require(page.fields[.contentSecurityPolicy])
            let styles = page.text.matches(of: /<style>([\s\S]*?)<\/style>/).map { String($0.1) }
            #expect(styles.count == 1)
            let hash = Data(SHA256.hash(data: Data((styles.first ?? "").utf8))).base64EncodedString()
            #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-\(hash)';"))
            #expect(policy.contains("frame-ancestors 'none'"))
            #expect(!page.text.contains("<script") && !page.text.contains("style=") && !page.text.contains(" on" + "click"))
        }
    }

    @Test("HEAD, entity tags, and what there is not", .timeLimit(.minutes(1)))
    func protocolDetails() async throws {
        try await withWebsite { ask in
            for path in ["/", "/specs/gateway/openapi.yaml"] {
                let whole = try await ask(.get, path, [:])
                let head = try await ask(.head, path, [:])
                #expect(head.status == 200)
                #expect(head.body.isEmpty)
                #expect(head.fields[.contentLength] == "\(whole.body.count)")
                let tag = try #require(whole.fields[.eTag])
                #expect(head.fields[.eTag] == tag)
                for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
                    let again = try await ask(.get, path, [.ifNoneMatch: known])
                    #expect(again.status == 304)
                    #expect(again.body.isEmpty)
                    #expect(again.fields[.eTag] == tag)
                }
                #expect(try await ask(.get, path, [.ifNoneMatch: "\"other\""]).status == 200)
            }
            for path in ["/specs/gateway/absent.yaml", "/specs/../Package.swift", "/specs/%2e%2e/Package.swift", "/specs", "/favicon.ico"] {
                #expect(try await ask(.get, path, [:]).status == 404, "\(path)")
            }
            #expect(try await ask(.post, "/", [:]).status == 405)
            #expect(try await ask(.get, "/health/live", [:]).status == 200)
            #expect(try await ask(.get, "/health/ready", [:]).status == 200)
        }
    }

    @Test("Without the specs it does not start, and says where it looked")
    func noSpecs() async throws {
        try await RunningPlatform.withFolder { folder in
            for (specs, reason) in [(folder.path + "/absent", "cannot be read"), (folder.path, "has no documents")] {
                let result = try await CommandLineRun(["serve", "website", "--port", "0", "--specs", specs]).finish()
                #expect(result.status == 1)
                #expect(result.errors.contains("\(specs) (--specs, CODELAB_WEBSITE_SPECS), \(reason)"), "\(result.errors)")
            }
        }
    }
}
