import APISupport
import Testing

@Suite("Assertions")
struct AssertionTests {
    private func found(_ json: String, _ schema: AssertionRun.Assertion) throws -> [String] {
        try AssertionRun.violations(in: Array(json.utf8), schema).map { "\($0.pointer) \($0.rule)" }
    }

    @Test("numbers are compared and divided with all their digits")
    func decimals() {
        #expect(
            JSONDecimal("1") == JSONDecimal("1.00") && JSONDecimal("100") == JSONDecimal("1e2") && JSONDecimal("-0") == JSONDecimal("0"))
        #expect(JSONDecimal("9007199254740993") > JSONDecimal("9007199254740992.0"))
        #expect(JSONDecimal("-2") < JSONDecimal("-1.5") && JSONDecimal("-1") < JSONDecimal("0") && JSONDecimal("0") < JSONDecimal("1e-400"))
        #expect(JSONDecimal("0.1") > JSONDecimal("0.09999999999999999999999999"))
    }

    @Test(
        "a multiple is one in decimal",
        arguments: [
            ("0.0075", "0.0001", true), ("0.00751", "0.0001", false), ("1e308", "0.123456789", false), ("12391239123", "1e-8", true),
            ("19.99", "0.01", true), ("-4.5", "1.5", true), ("0", "7", true), ("35", "1.5", false), ("1e1000000", "0.0003", false),
            ("3e1000000", "0.0003", true),
        ] as [(String, StaticString, Bool)])
    func multiples(value: String, divisor: StaticString, holds: Bool) throws {
        let violations = try found(value) { $1.multipleOf($0, JSONDecimal(divisor), divisor) }
        #expect(violations == (holds ? [] : [" multipleOf"]))
    }

    @Test("doubles too are multiples in decimal, however large")
    func doubleMultiples() {
        func holds(_ value: Double, _ divisor: Double) -> Bool {
            var validation = Validation()
            validation.check(value, multipleOf: divisor)
            return validation.isSatisfied
        }
        #expect(holds(0.3, 0.1) && holds(19.99, 0.01) && holds(12_391_239_123, 1e-8) && holds(9_007_199_254_740_991, 1))
        #expect(!holds(12_391_239_123.5, 1) && !holds(1e308, 0.123456789) && !holds(0.00751, 0.0001))
    }

    @Test("constants are told apart by value, not by spelling")
    func constants() throws {
        let literal = AssertionLiteral(#"{"a": [1, "\u00e9"], "b": 9007199254740993}"#)
        #expect(try found(#"{"b": 9007199254740993.0, "a": [1.0, "é"]}"#) { $1.constant($0, literal) } == [])
        #expect(try found(#"{"b": 9007199254740992, "a": [1, "é"]}"#) { $1.constant($0, literal) } == [" const"])
        // The same letter from two code points is another string.
        #expect(try found(#"{"b": 9007199254740993, "a": [1, "e\u0301"]}"#) { $1.constant($0, literal) } == [" const"])
    }

    @Test("a long array is compared in the time of looking at it once")
    func unique() throws {
        let items = (0..<20_000).map { #"{"id": \#($0)}"# }.joined(separator: ",")
        let clock = ContinuousClock()
        let start = clock.now
        #expect(try found("[\(items)]") { $1.uniqueItems($0) } == [])
        #expect(clock.now - start < .seconds(20))
        #expect(try found(#"[\#(items), {"id": 7.0}]"#) { $1.uniqueItems($0) } == [" uniqueItems"])
    }

    @Test("a schema that multiplies its own work ends in a violation")
    func bounded() throws {
        func doubling(_ value: JSONNode, _ run: inout AssertionRun) {
            guard run.enter() else { return }
            defer { run.leave() }
            run.members(value) { member, _, run in
                doubling(member, &run)
                doubling(member, &run)
            }
        }
        let nested = String(repeating: #"{"a":"#, count: 100) + "1" + String(repeating: "}", count: 100)
        #expect(try found(nested, doubling) == [" complexity"])
        func endless(_ value: JSONNode, _ run: inout AssertionRun) {
            guard run.enter() else { return }
            defer { run.leave() }
            run.not(value, endless)
        }
        #expect(try found("1", endless).contains(" complexity"))
    }

    @Test("a name that holds escapes and slashes is pointed to")
    func pointers() throws {
        let violations = try found(#"{"a/b~\u0041": [true, 0]}"#) { value, run in
            run.members(value) { member, name, run in
                #expect(name.string == "a/b~A")
                run.items(member) { $1.type($0, .boolean) }
            }
        }
        #expect(violations == ["/a~1b~0A/1 type"])
    }
}
