import Crypto
import FoundationEssentials

/// A page of this server with the headers that it must be sent with. No script, no image, nothing from elsewhere.
struct Page: Sendable {
    let html: String
    let contentSecurityPolicy: String

    /// - Parameters:
    ///   - formTarget: Where the form's answer may redirect to, as a CSP source; nil when the page has no form.
    init(title: String, body: HTML, formTarget: String? = nil) {
        let document: HTML = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title) · CodeLab</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <main>
            <p class="brand"><span aria-hidden="true">&#9679;</span> CodeLab</p>
            \(body)
            </main>
            </body>
            </html>

            """
        html = document.text
        let form = formTarget.map { "form-action 'self' \($0)" } ?? "form-action 'none'"
        contentSecurityPolicy =
            "default-src 'none'; style-src 'sha256-\(Self.styleHash)'; \(form); frame-ancestors 'none'; base-uri 'none'"
    }

    private static let styleHash = Data(SHA256.hash(data: Data(style.text.utf8))).base64EncodedString()

    private static let style: HTML = """
        :root{--ink:#16202c;--soft:#566274;--line:#c5ccd6;--paper:#fff;--ground:#eef1f5;--accent:#1d5fd1;--on-accent:#fff;--bad:#a4161a;--bad-ground:#fdecec}
        @media (prefers-color-scheme:dark){:root{--ink:#e8ecf2;--soft:#a3afbf;--line:#4a5666;--paper:#1a212b;--ground:#10151c;--accent:#7fb0ff;--on-accent:#0b1420;--bad:#ff9b9b;--bad-ground:#3a1d20}}
        *{box-sizing:border-box}
        body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
        main{width:100%;max-width:25rem;padding:2rem;background:var(--paper);border:1px solid var(--line);border-radius:.75rem}
        .brand{margin:0 0 1.5rem;font-weight:600;letter-spacing:.02em}
        .brand span{color:var(--accent)}
        h1{margin:0 0 .25rem;font-size:1.5rem;line-height:1.25}
        .lead{margin:0 0 1.5rem;color:var(--soft);overflow-wrap:anywhere}
        .lead strong{color:var(--ink)}
        .lead:last-child{margin-bottom:0}
        .lead+ul{margin-top:-1rem}
        h1+.message{margin-top:1rem}
        ul{margin:0 0 1.5rem;padding-left:1.25rem;color:var(--soft)}
        .message{margin:0 0 1.25rem;padding:.75rem 1rem;border-left:.25rem solid var(--bad);background:var(--bad-ground);color:var(--bad)}
        label{display:block;margin:0 0 .375rem;font-weight:600}
        input{display:block;width:100%;margin:0 0 1.25rem;padding:.625rem .75rem;border:1px solid var(--soft);border-radius:.375rem;background:var(--paper);color:var(--ink);font:inherit}
        button{display:block;width:100%;padding:.75rem;border:0;border-radius:.375rem;background:var(--accent);color:var(--on-accent);font:inherit;font-weight:600;cursor:pointer}
        input:focus-visible,button:focus-visible{outline:.1875rem solid var(--accent);outline-offset:.125rem}
        """
}
