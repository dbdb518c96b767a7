import Crypto
import FoundationEssentials

/// The one page: what runs here, and where its interfaces are written down. No script, no image, nothing from elsewhere.
struct Page: Sendable {
    let html: String
    let contentSecurityPolicy: String

    /// - Parameters:
    ///   - version: Of the program.
    ///   - documents: All of them; each is linked.
    init(version: String, documents: [WebsiteDocument]) {
        let rows = Self.services.map { service in
            "<tr><th scope=\"row\">\(service.title)</th><td>\(service.purpose)</td><td>\(service.paths)</td>"
                + "<td>\(Self.links(to: documents.filter { $0.api == service.api }))</td></tr>"
        }
        let apis = Set(Self.services.map(\.api))
        html = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="description" content="CodeLab: an agent platform. What runs here, and its interfaces.">
            <link rel="icon" href="data:,">
            <title>CodeLab</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <main>
            <h1>CodeLab <small>\(version)</small></h1>
            <p>An agent platform: agents that read, write and run things in a workspace of yours, and ask before they do. Sign in and talk to them with
            <code>codelab chat --gateway URL --auth URL</code> (behind one host both are this address), or with any client of the interfaces below.</p>
            <table>
            <caption>What runs here</caption>
            <thead><tr><th scope="col">Service</th><th scope="col">What it does</th><th scope="col">Reached by</th><th scope="col">Interface</th></tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody>
            </table>
            <p>Each interface is written down once, in OpenAPI 3.1 or AsyncAPI 3, and the program is generated from these very documents. Also:
            \(Self.links(to: documents.filter { !apis.contains($0.api) }, withFolder: true)).</p>
            </main>
            </body>
            </html>

            """
        contentSecurityPolicy =
            "default-src 'none'; style-src 'sha256-\(Self.styleHash)'; img-src data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
    }

    private struct Service {
        /// The folder of its documents.
        let api: String
        let title: String
        let purpose: String
        let paths: String
    }

    private static let services = [
        Service(
            api: "gateway", title: "Gateway", purpose: "Conversations: REST, and a WebSocket for each session.",
            paths: "<code>/api/v1</code>"),
        Service(
            api: "auth", title: "Auth", purpose: "Signs people and services in, and issues their tokens.",
            paths: "<code>/oauth</code>, <code>/.well-known</code>"),
        Service(api: "runtime", title: "Runtime", purpose: "Leads the agents and keeps what was said.", paths: "the gateway"),
        Service(api: "llm-proxy", title: "LLM proxy", purpose: "One door to the language models.", paths: "the runtime"),
        Service(api: "website", title: "Website", purpose: "This page.", paths: "<code>/</code>"),
    ]

    private static func links(to documents: [WebsiteDocument], withFolder: Bool = false) -> String {
        documents.map { "<a href=\"/\($0.path)\">\(withFolder ? "\($0.api)/" : "")\($0.name)</a>" }.joined(separator: ", ")
    }

    private static let styleHash = Data(SHA256.hash(data: Data(style.utf8))).base64EncodedString()

    private static let style = """
        :root{--ink:#16202c;--soft:#566274;--line:#c5ccd6;--paper:#fff;--ground:#eef1f5;--accent:#1d5fd1}
        @media (prefers-color-scheme:dark){:root{--ink:#e8ecf2;--soft:#a3afbf;--line:#4a5666;--paper:#1a212b;--ground:#10151c;--accent:#7fb0ff}}
        *{box-sizing:border-box}
        body{margin:0;padding:1.5rem;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
        main{max-width:60rem;margin:0 auto;padding:2rem;background:var(--paper);border:1px solid var(--line);border-radius:.75rem;overflow-x:auto}
        h1{margin:0 0 .5rem;font-size:1.75rem;line-height:1.25}
        small{color:var(--soft);font-size:1rem;font-weight:400}
        table{width:100%;margin:1.5rem 0;border-collapse:collapse;text-align:left}
        caption{padding:0 0 .5rem;font-weight:600;text-align:left}
        th,td{padding:.5rem .75rem .5rem 0;border-top:1px solid var(--line);vertical-align:top}
        th,td code{white-space:nowrap}
        code{font-size:.9em;overflow-wrap:anywhere}
        a{color:var(--accent)}
        a:focus-visible{outline:.1875rem solid var(--accent);outline-offset:.125rem}
        """
}
