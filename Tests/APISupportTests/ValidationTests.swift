import APISupport
import Testing

@Suite struct ValidationTests {
    private func rules(_ check: (inout Validation) -> Void) -> [String] {
        var validation = Validation()
        check(&validation)
        return validation.violations.map(\.rule)
    }

    @Test func lengthsCountCodePoints() {
        #expect(rules { $0.check("äöü", minLength: 3, maxLength: 3) } == [])
        #expect(rules { $0.check("😀😀", minLength: 3) } == ["minLength"])
        #expect(rules { $0.check("e\u{301}", maxLength: 1) } == ["maxLength"])
        #expect(rules { $0.check("", minLength: 1) } == ["minLength"])
    }

    @Test func numbersHaveLimits() {
        #expect(rules { $0.check(Int64(5), minimum: 5, maximum: 5) } == [])
        #expect(rules { $0.check(Int64(5), exclusiveMinimum: 5, exclusiveMaximum: 5) } == ["exclusiveMinimum", "exclusiveMaximum"])
        #expect(rules { $0.check(Int64(5), minimum: 6, maximum: 4, multipleOf: 2) } == ["minimum", "maximum", "multipleOf"])
        #expect(rules { $0.check(Int64.min, multipleOf: -1) } == [])
        #expect(rules { $0.check(0.3, multipleOf: 0.1) } == [])
        #expect(rules { $0.check(0.35, minimum: 0.4, multipleOf: 0.1) } == ["minimum", "multipleOf"])
    }

    @Test func countsAndUniqueness() {
        #expect(rules { $0.checkCount(items: 1, min: 2) } == ["minItems"])
        #expect(rules { $0.checkCount(items: 3, max: 2) } == ["maxItems"])
        #expect(rules { $0.checkProperties(1, min: 2) } == ["minProperties"])
        #expect(rules { $0.checkProperties(3, max: 2) } == ["maxProperties"])
        #expect(rules { $0.checkUnique(["a", "b", "a"]) } == ["uniqueItems"])
        #expect(rules { $0.checkUnique(["a", "b"]) } == [])
        #expect(rules { $0.checkUnique(Array(Int64(0)..<100_000)) } == [])
        // Not hashable: in pairs, and so not without limit.
        #expect(rules { $0.checkUnique([JSONValue.integer(1), .integer(2), .integer(1)]) } == ["uniqueItems"])
        #expect(rules { $0.checkUnique(Array(repeating: JSONValue.null, count: 100_000)) } == ["uniqueItems"])
    }

    @Test(arguments: [
        ("^a+$", "aaa", true), ("^a+$", "aaa\n", false), ("b", "abc", true), ("^[A-Za-z0-9._~-]{3,5}$", "a.-~", true), ("\\d", "٣", false),
        ("\\w", "ä", false),
        ("^\\p{L}+$", "äß", true), ("^[[a]$", "[", true), ("^[a&&b]$", "&", true), ("^[\\]x]$", "]", true), ("^\\$\\^$", "$^", true),
        ("^(?:x|y)(?=z)", "xz", true),
        ("^.$", "\u{1F600}", true), ("^\\u00e4$", "ä", true), ("^e.$", "e\u{301}", true), ("^\\cM$", "\r", true),
        ("^[\\cA-\\cC]+$", "\u{1}\u{3}", true), ("^\\uD83D\\uDE00$", "\u{1F600}", true), ("^\\u{1F600}$", "\u{1F600}", true),
        ("^(?!.*foo).*$", "barfo", true), ("^(?!.*foo).*$", "xfoo", false), ("(?<=a)b", "ab", true), ("(?<!a)b", "ab", false),
        ("^(?=.*[A-Z])(?=.*\\d).{4,}$", "abC1", true), ("^(?=.*[A-Z])(?=.*\\d).{4,}$", "abc1", false), ("^(?=a(?!b))", "ab", false),
        ("(?<=^|,)x", "a,x", true), ("(?<=^|,)x", "ax", false), ("\\bfoo\\b", "a foo", true), ("\\Boo", "foo", true), ("", "x", true),
        ("[]", "x", false), ("[^]", "x", true), ("a{2", "a{2", true), ("^(a*)*$", "aab", false), ("[a-\\d]", "-", true),
        ("^[^\\d\\s]+$", "a1", false), ("^[\\D]+$", "ab", true), ("^[\\P{L}x]+$", "1x", true), ("^(?<year>\\d{4})$", "2020", true),
        ("^(?:a{2,3}){2}$", "aaaaa", true), ("^(?:a{2,3}){2}$", "aaa", false), ("^a{0,}$", "", true), ("^\\S+$", "a\u{feff}", false),
    ])
    func patternsMeanWhatECMAScriptSays(_ source: String, _ text: String, _ matches: Bool) {
        var found: Bool?
        switch Pattern(source: source).match(text) {
        case .matched: found = true
        case .notMatched: found = false
        case .tooCostly, .unusable: found = nil
        }
        #expect(found == matches)
    }

    @Test func unusablePatternIsTheServicesFault() throws {
        let pattern = Pattern("[a-")
        #expect(throws: PatternError.self) { try pattern.check() }
        let failure = #expect(throws: RequestFailure.self) { try JSONReader.decode(Patterned.self, from: [UInt8]("\"x\"".utf8)) }
        #expect(failure?.code == .internalError)
    }

    @Test(
        "Texts made to take long do not", .timeLimit(.minutes(1)),
        arguments: [
            ("^(a+)+$", "a"), ("(a|a)*b", "a"), ("(x+x+)+y", "x"), ("(.*)(.*)(.*)(.*)(.*)[^!]$", "a"), ("^(?=(a+)+$)b", "a"),
            ("^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}$", "a"),
        ])
    func hostileTexts(_ source: String, _ letter: String) {
        #expect(rules { $0.check(String(repeating: letter, count: 50_000) + "!", pattern: Pattern(source: source)) } == ["pattern"])
    }

    @Test("Work is bounded for all values of a text together", .timeLimit(.minutes(1)))
    func costlyPatterns() throws {
        let pattern = Pattern("^(?:a?){5000}a{5000}$")
        let text = String(repeating: "a", count: 4_000)
        guard case .tooCostly = pattern.match(text) else {
            Issue.record("found")
            return
        }
        var validation = Validation()
        for _ in 0..<100 { validation.check(text, pattern: pattern) }
        #expect(validation.violations.count == 100)
    }

    @Test(arguments: [
        "(a)\\1", "(?i)a", "\\A", "[z-a]", "(", ")", "a**", "*a", "[a", "\\", "\\c", "\\p{Script=Greek}", "a{2,1}", "x{1000000}",
        "((a{999}){999}){999}", "(?>a)",
    ])
    func noPatterns(_ source: String) {
        #expect(throws: PatternError.self) { try Pattern(source: source).check() }
    }

    @Test func deepPatternsAreRefused() {
        let source = String(repeating: "(", count: 100_000) + String(repeating: ")", count: 100_000)
        #expect(throws: PatternError.self) { try Pattern(source: source).check() }
    }

    @Test func onePatternServesManyTasks() async {
        let pattern = Pattern("^[a-z]{2,}[0-9]+$")
        let matches = await withTaskGroup(of: Bool.self, returning: Int.self) { group in
            for number in 0..<200 {
                group.addTask { if case .matched = pattern.match(number % 2 == 0 ? "abc\(number)" : "\(number)") { true } else { false } }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(matches == 100)
    }

    @Test(
        arguments: [
            (.uuid, "550e8400-e29b-41d4-a716-446655440000", true), (.uuid, "550e8400e29b41d4a716446655440000", false),
            (.uuid, "550e8400-e29b-41d4-a716-44665544000g", false),
            (.uri, "https://a.b/c?d=e#f", true), (.uri, "urn:x:y", true), (.uri, "/relative", false), (.uri, "http://a b", false),
            (.uri, "http://a/%zz", false), (.uri, "x:", false),
            (.uri, "http://a/#b#c", false), (.email, "a.b+c@example.com", true), (.email, "a@b", true), (.email, "a..b@c.d", false),
            (.email, "@c.d", false), (.email, "a@-c.d", false),
            (.email, "a b@c.d", false), (.date, "2024-02-29", true), (.date, "2023-02-29", false), (.date, "2024-2-29", false),
            (.ipv4, "192.168.0.255", true),
            (.ipv4, "192.168.0.256", false), (.ipv4, "01.2.3.4", false), (.ipv4, "1.2.3", false), (.ipv6, "::", true), (.ipv6, "::1", true),
            (.ipv6, "2001:db8::8:800:200c:417a", true),
            (.ipv6, "::ffff:192.0.2.1", true), (.ipv6, "1:2:3:4:5:6:7:8", true), (.ipv6, "1:2:3:4:5:6:7:8:9", false),
            (.ipv6, "1::2::3", false), (.ipv6, "12345::", false), (.ipv6, ":1", false),
            (.ipv6, "1:2:3:4:5:6:7", false), (.ipv6, "1:2:3:4:5:6:7::", true), (.hostname, "a-b.example", true), (.hostname, "-a.b", false),
            (.hostname, "a..b", false), (.hostname, "", false),
            (.hostname, "a_b", false),
        ] as [(StringFormat, String, Bool)])
    func formatsAcceptAndRefuse(_ format: StringFormat, _ text: String, _ isAccepted: Bool) {
        #expect(format.accepts(text) == isAccepted)
    }
}

private struct Patterned: JSONReadable {
    static let pattern = Pattern("[a-")

    static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> Patterned? {
        guard let text = try json.readString() else { return nil }
        json.validation.check(text, pattern: pattern)
        return Patterned()
    }
}
