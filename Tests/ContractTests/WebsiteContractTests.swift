import ContractTesting
import Logging
import Testing
import WebsiteHandlers

@Suite("Website: specs/website/openapi.yaml")
struct WebsiteContractTests {
    @Test("Every operation answers as its spec says")
    func operations() async throws {
        let document = try #require(WebsiteDocument(api: "gateway", name: "openapi.yaml", content: Array("openapi: 3.1.0\n".utf8)))
        let website = WebsiteService(version: "1", documents: [document], logger: Logger(label: "contract"))
        let fixture = ContractFixture(parameters: ["api": "gateway", "document": "openapi.yaml"])
        try await Contract("website/openapi.yaml", router: website.makeRouter()).check(fixture: fixture, authorization: "Bearer of nothing")
    }

    @Test("A document's names are a spec's, and no path to anything else")
    func names() {
        for (api, name) in [
            ("..", "openapi.yaml"), ("", "openapi.yaml"), ("a/b", "openapi.yaml"), ("gateway", ".yaml"), ("gateway", "openapi.json"),
            ("gateway", "../x.yaml"), ("\"><script>", "openapi.yaml"), ("gateway", "open api.yaml"),
        ] {
            #expect(WebsiteDocument(api: api, name: name, content: []) == nil, "\(api)/\(name)")
        }
        #expect(WebsiteDocument(api: "llm-proxy", name: "openapi.yaml", content: []) != nil)
    }
}
