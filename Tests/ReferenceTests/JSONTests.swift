import APISupport
import ReferenceAPI
import Testing

/// The text of a value.
func text(_ value: some JSONWritable) -> String { String(decoding: JSONWriter.encode(value), as: UTF8.self) }

func decode<T: JSONReadable>(_ type: T.Type, _ json: String) throws(RequestFailure) -> T {
    try JSONReader.decode(type, from: [UInt8](json.utf8))
}

/// What is wrong with a text: `pointer rule`, sorted.
func violations<T: JSONReadable>(_ type: T.Type, _ json: String) -> [String] {
    do {
        _ = try decode(type, json)
        return []
    } catch {
        return error.violations.map { "\($0.pointer) \($0.rule)" }.sorted()
    }
}

@Suite("JSON of generated types")
struct JSONTests {
    static let minimal =
        #"{"id":"a1","count":1,"created_at":"2026-01-02T03:04:05Z","note":null,"level":"high","type":"everything","default":"x"}"#

    static func full() throws -> Schemas.Everything {
        Schemas.Everything(
            id: "b22", count: 10, size: 15, ratio: 0.25, isActive: false, createdAt: Timestamp(secondsSinceEpoch: 1_700_000_000),
            blob: [0, 255, 16], note: "héy", nick: nil, email: "a@example.com", kind: .unknown("new"), level: .lowLevel,
            tags: ["x", "y"], grid: [[1, nil], []], blobs: [[1], []], labels: ["a": nil, "b": "c"], nested: ["l": [.high]],
            anything: .array([.null, .integer(1)]), free: ["k": .boolean(true)],
            problem: Problem(type: "urn:x", title: "X", status: 400),
            thing: Schemas.Thing(name: "t", children: [Schemas.Thing(name: "u")], additionalProperties: ["n": nil, "one": 1]),
            step: .end(.init(reason: "r")), content: .array([.start(.init(text: "\u{1F642}\n"))]),
            names: Schemas.Names(
                selfValue: "1", type: "2", initValue: "3", _2fa: "4", fooBar: "5", fooBar2: "6", aBC: "7", slightlySmilingFace: "8",
                empty: "9"
            ),
            extended: Schemas.Extended(at: Timestamp(secondsSinceEpoch: 0), by: "me"), default: "d", json: "j", seen: "s", key: "k"
        )
    }

    @Test("a value with every property survives writing and reading")
    func roundTripsEverything() throws {
        let value = try Self.full()
        #expect(try decode(Schemas.Everything.self, text(value)) == value)
    }

    @Test("absent properties are nil or their default; null and default are written where absence would mean something else")
    func roundTripsMinimum() throws {
        let value = try decode(Schemas.Everything.self, Self.minimal)
        #expect(value.size == 10 && value.ratio == 0.5 && value.isActive && value.nick == "nobody" && value.note == nil)
        #expect(value.tags == nil && value.kind == nil)
        let expected =
            #"{"id":"a1","count":1,"size":10,"ratio":0.5,"is_active":true,"created_at":"2026-01-02T03:04:05Z","note":null,"#
            + #""nick":"nobody","level":"high","type":"everything","default":"x"}"#
        #expect(text(value) == expected)
        var nobody = value
        nobody.nick = nil
        #expect(text(nobody).contains(#""nick":null"#))
        #expect(try decode(Schemas.Everything.self, text(nobody)) == nobody)
    }

    @Test("members may come in any order, and with escapes in their names")
    func readsAnyOrder() throws {
        let json =
            #"{"de\u0066ault":"x","type":"everything","level":"high","note":null,"created_at":"2026-01-02T03:04:05Z","count":1,"id":"a1"}"#
        #expect(try decode(Schemas.Everything.self, json) == decode(Schemas.Everything.self, Self.minimal))
    }

    @Test("every violation of a body is told, at its place")
    func collectsViolations() {
        let json = #"""
            {"id":"A1","count":0,"size":-3,"ratio":1,"is_active":1,"created_at":"yesterday","blob":"*","note":"too long","email":"no",
            "level":"middle","tags":["","",""," "],"grid":[[1.5]],"labels":{"a":"1","b":null,"c":"3"},"nested":{"a/b":["x"]},"free":{},"names":{"self":1},
            "thing":{"children":[{}],"extra":0},"step":{"type":"other"},"content":"","type":"something","surplus":true,
            "json":"a","json":"b","extended":{"by":"me"}}
            """#
        #expect(
            violations(Schemas.Everything.self, json) == [
                "/blob contentEncoding", "/content minLength", "/count minimum", "/created_at format", "/default required", "/email format",
                "/extended/at required", "/free minProperties", "/grid/0/0 type", "/id pattern", "/is_active type",
                "/json duplicate", "/labels maxProperties", "/level enum", "/names/self type", "/nested/a~1b/0 enum", "/note maxLength",
                "/ratio exclusiveMaximum", "/size exclusiveMinimum", "/size multipleOf", "/step/type discriminator",
                "/surplus additionalProperties",
                "/tags maxItems", "/tags uniqueItems", "/tags/0 minLength", "/tags/1 minLength", "/tags/2 minLength",
                "/thing/children/0/name required", "/thing/extra minimum", "/thing/name required", "/type const",
            ]
        )
    }

    @Test("too few members are a violation")
    func countsMembers() {
        #expect(violations(Schemas.Everything.self, #"{"id":"a1"}"#).contains(" minProperties"))
        #expect(!violations(Schemas.Everything.self, Self.minimal).contains(" minProperties"))
    }

    @Test("a value of another type is a violation, at the root too", arguments: ["null", "[]", "\"x\"", "3", "true"])
    func refusesOtherTypes(json: String) {
        #expect(violations(Schemas.Everything.self, json) == [" type"])
        #expect(violations(Schemas.Step.self, json) == [" type"])
    }

    @Test("a union by the JSON type takes each kind and refuses the others")
    func readsUnionsByKind() throws {
        #expect(try decode(Schemas.TextOrParts.self, "\"a\"") == .string("a"))
        #expect(try decode(Schemas.TextOrParts.self, "1.5") == .number(1.5))
        #expect(try decode(Schemas.TextOrParts.self, #"[{"type":"end"}]"#) == .array([.end(.init())]))
        #expect(violations(Schemas.TextOrParts.self, "{}") == [" type"])
        #expect(violations(Schemas.TextOrParts.self, #"[{"text":"no type"}]"#) == ["/0/type required"])
    }

    @Test("a union by its discriminator finds it wherever it stands")
    func readsDiscriminators() throws {
        #expect(try decode(Schemas.Step.self, #"{"text":"a","x":{"type":"end"},"type":"start"}"#) == .start(.init(text: "a")))
        #expect(text(Schemas.Step.start(.init(text: "a"))) == #"{"type":"start","text":"a"}"#)
    }

    @Test("an open enum keeps what it does not know")
    func keepsUnknownCases() throws {
        #expect(try decode(Schemas.Kind.self, "\"with space\"") == .withSpace)
        #expect(try decode(Schemas.Kind.self, "\"else\"") == .unknown("else"))
        #expect(text(Schemas.Kind.unknown("else")) == "\"else\"")
        #expect(violations(Schemas.Level.self, "\"else\"") == [" enum"])
    }

    @Test("what is not JSON is malformed, not invalid", arguments: ["", "{", "{\"id\":}", "{\"id\":\"a\"} x", "{'id':1}", "\u{0}"])
    func refusesMalformedText(json: String) throws {
        let error = #expect(throws: RequestFailure.self) { try decode(Schemas.Everything.self, json) }
        #expect(error?.code == .malformedBody)
    }
}
