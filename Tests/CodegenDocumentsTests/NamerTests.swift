import CodegenModel
import Testing

@Suite("Names of documents become Swift names")
struct NamerTests {
    @Test(
        "Members",
        arguments: [
            ("session_id", "sessionID"), ("sessionId", "sessionID"), ("SessionID", "sessionID"), ("id", "id"), ("ID", "id"), ("ids", "ids"),
            ("user_ids", "userIDs"), ("userIDs", "userIDs"), ("IDs", "ids"), ("file-read", "fileRead"), ("GET", "get"), ("url", "url"),
            ("redirect_uri", "redirectURI"), ("html_url", "htmlURL"), ("HTTPServer", "httpServer"), ("getJwks", "getJWKS"),
            ("jwks_uri", "jwksURI"), ("code_challenge_method", "codeChallengeMethod"), ("S256", "s256"), ("sha256Hash", "sha256Hash"),
            ("FILE_READ", "fileRead"), ("SQLDialect", "sqlDialect"), ("x-request-id", "xRequestID"), ("Cache-Control", "cacheControl"),
            ("application/problem+json", "applicationProblemPlusJSON"), ("chat.completion.chunk", "chatCompletionChunk"),
            ("llm_proxy", "llmProxy"), ("client IP", "clientIP"), ("uuid", "uuid"),
        ]
    )
    func member(name: String, expected: String) {
        #expect(Namer.member(name) == expected)
    }

    @Test(
        "Types",
        arguments: [
            ("Session", "Session"), ("session", "Session"), ("JSONWebKeySet", "JSONWebKeySet"), ("LLMProxy", "LLMProxy"),
            ("OAuthError", "OAuthError"), ("jwks", "JWKS"), ("Session owner", "SessionOwner"),
            ("Session user_ids item", "SessionUserIDsItem"),
            ("getSession ok body", "GetSessionOkBody"), ("HTTPError", "HTTPError"), ("HttpError", "HTTPError"), ("v1.Pod", "V1Pod"),
            ("Größe", "Größe"), ("名前", "名前"),
        ]
    )
    func type(name: String, expected: String) {
        #expect(Namer.type(name) == expected)
    }

    @Test(
        "Keywords are escaped, and what backticks cannot save gets a suffix",
        arguments: [
            ("default", "`default`"), ("class", "`class`"), ("in", "`in`"), ("repeat", "`repeat`"), ("self", "selfValue"),
            ("init", "initValue"), ("open", "open"), ("async", "async"),
        ]
    )
    func keywords(name: String, expected: String) {
        #expect(Namer.member(name) == expected)
    }

    @Test(
        "Types that generated code needs are not hidden",
        arguments: [
            ("Type", "TypeValue"), ("Protocol", "ProtocolValue"), ("Self", "SelfValue"), ("String", "StringValue"), ("any", "AnyValue"),
            ("Int64", "Int64Value"), ("Error", "Error"), ("default", "Default"),
        ]
    )
    func hidingTypes(name: String, expected: String) {
        #expect(Namer.type(name) == expected)
    }

    @Test(
        "Whatever is no letter is left out, spelt or coded",
        arguments: [
            ("", "empty"), ("-", "minus"), ("_", "underscore"), (" ", "space"), ("...", "dotDotDot"), ("+1", "plus1"), ("-1", "minus1"),
            ("-created_at", "minusCreatedAt"), ("2fa", "_2fa"), ("404", "_404"), ("$ref", "dollarRef"), ("@type", "atType"),
            ("_links", "links"),
            ("c++", "cPlusPlus"), ("<=", "lessThanEquals"), ("100%", "_100Percent"), ("\u{1F600}", "grinningFace"), ("a\u{200D}b", "aB"),
            ("\u{E000}", "ue000"), ("tab\there", "tabHere"), ("e\u{301}", "e\u{301}"), ("\u{301}", "_\u{301}"),
        ]
    )
    func symbols(name: String, expected: String) {
        #expect(Namer.member(name) == expected)
    }

    @Test("A scope gives every name once, the first comer the plain one")
    func scope() {
        var scope = NameScope(reserved: ["body"])
        #expect(
            ["foo", "Foo", "foo", "foo2", "body", "`default`", "`default`"].map { scope.claim($0) } == [
                "foo", "Foo", "foo2", "foo22", "body2", "`default`", "default2",
            ])
        #expect(scope.claim("foo") == "foo3")
    }

    @Test("Every single scalar of the first plane gives a legal identifier")
    func everyScalar() {
        for value in UInt32(0)...0xFFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let name = Namer.unescaped(Namer.member(String(scalar)))
            let scalars = Array(name.unicodeScalars)
            let isLegal =
                scalars.first.map { $0 == "_" || $0.properties.isXIDStart } == true && scalars.allSatisfy(\.properties.isXIDContinue)
            #expect(isLegal, "U+\(String(value, radix: 16)) gave \(name)")
        }
    }
}
