import APISupport
import SchemasAPI
import Testing

/// Schemas of every shape, compiled: valid JSON is read and written again as it was, invalid JSON is refused by the rule it breaks.
@Suite("Schemas of every shape")
struct SchemaTests {
    /// What is written again of a value that was read from `text`.
    private func echo<T: JSONReadable & JSONWritable>(_ type: T.Type, _ text: String) throws -> String {
        String(decoding: JSONWriter.encode(try JSONReader.decode(type, from: [UInt8](text.utf8))), as: UTF8.self)
    }

    private func rules<T: JSONReadable>(_ type: T.Type, _ text: String) -> [String] {
        do throws(RequestFailure) {
            _ = try JSONReader.decode(type, from: [UInt8](text.utf8))
            return []
        } catch {
            return error.violations.map { "\($0.pointer) \($0.rule)" }
        }
    }

    private func expectSame<T: JSONReadable & JSONWritable>(
        _ type: T.Type, _ texts: String..., sourceLocation: SourceLocation = #_sourceLocation
    )
        throws
    {
        for text in texts { #expect(try echo(type, text) == text, sourceLocation: sourceLocation) }
    }

    @Test("allOf of scalars, and keywords beside a reference, hold together")
    func mergedScalars() throws {
        try expectSame(Schemas.Coded.self, #"{"code":"abc","sibling":"abcd"}"#)
        #expect(rules(Schemas.Coded.self, #"{"code":"abcdef"}"#) == ["/code maxLength"])
        #expect(rules(Schemas.Coded.self, #"{"code":"a"}"#) == ["/code minLength"])
        #expect(rules(Schemas.Coded.self, #"{"code":"A1"}"#) == ["/code pattern"])
        #expect(rules(Schemas.Coded.self, #"{"code":"abc","sibling":"ab"}"#) == ["/sibling minLength"])
    }

    @Test("Objects are told apart by the members that only one requires")
    func byMembers() throws {
        #expect(try JSONReader.decode(Schemas.ByMembers.self, from: [UInt8](#"{"radius":2}"#.utf8)) == .circle(.init(radius: 2)))
        try expectSame(Schemas.ByMembers.self, #"{"side":1}"#, #"{"radius":2}"#)
        #expect(rules(Schemas.ByMembers.self, #"{"side":"x"}"#) == ["/side type"])
        #expect(rules(Schemas.ByMembers.self, "{}") == [" oneOf"])
        // With the members of both, both are tried: one holds, or one too many.
        #expect(try echo(Schemas.ByMembers.self, #"{"side":"x","radius":2}"#) == #"{"radius":2}"#)
        #expect(rules(Schemas.ByMembers.self, #"{"side":1,"radius":2}"#) == [" oneOf"])
    }

    @Test("A value of two alternatives of a oneOf is of none")
    func exclusive() throws {
        try expectSame(Schemas.Exclusive.self, #"{"a":4}"#, #"{"a":10}"#, "{}")
        #expect(rules(Schemas.Exclusive.self, #"{"a":7}"#) == [" oneOf"])
        #expect(rules(Schemas.Exclusive.self, #"{"a":"7"}"#) == [" oneOf"])
        try expectSame(Schemas.ExclusiveNumber.self, "1.5", "200")
        #expect(rules(Schemas.ExclusiveNumber.self, "1") == [" oneOf"])
        #expect(rules([Schemas.ExclusiveNumber].self, "[1.5,7,300]") == ["/1 oneOf"])
    }

    @Test("Alternatives within alternatives are bounded in work", .timeLimit(.minutes(1)))
    func exclusiveNest() throws {
        try expectSame(Schemas.ExclusiveNest.self, #"{"next":{"next":{}}}"#)
        let text = String(repeating: #"{"left":1,"next":"#, count: 100) + "{}" + String(repeating: "}", count: 100)
        #expect(throws: RequestFailure.self) { try JSONReader.decode(Schemas.ExclusiveNest.self, from: [UInt8](text.utf8)) }
    }

    @Test("anyOf of objects that may hold at once keeps the members of all")
    func anyOfObjects() throws {
        try expectSame(Schemas.Either.self, #"{"side":1,"radius":2}"#, #"{"radius":2}"#)
        #expect(rules(Schemas.Either.self, #"{"other":1}"#) == [" anyOf"])
    }

    @Test("What nothing tells apart is tried in order")
    func byTrial() throws {
        try expectSame(Schemas.ByTrial.self, #"{"value":1}"#, #"{"value":"one"}"#)
        #expect(rules(Schemas.ByTrial.self, #"{"value":true}"#) == [" oneOf"])
    }

    @Test("Alternatives of the same JSON type beside others, and null")
    func mixed() throws {
        struct Holder: JSONReadable, JSONWritable {
            var value: Schemas.Mixed?
            static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> Holder? {
                try json.readNull() ? Holder(value: nil) : Schemas.Mixed.read(from: &json).map { Holder(value: $0) }
            }
            func write(to json: inout JSONWriter) { if let value { value.write(to: &json) } else { json.writeNull() } }
        }
        try expectSame(
            Holder.self, #""2020-01-02T03:04:05Z""#, #""text""#, "[1,2]", #"["a"]"#, "[]", #"{"side":3}"#, "null")
        #expect(rules(Holder.self, "true") == [" type"])
        #expect(rules(Holder.self, "[true]") == [" anyOf"])
        let dated = try JSONReader.decode(Schemas.Mixed.self, from: [UInt8](#""2020-01-02T03:04:05Z""#.utf8))
        guard case .dateTime = dated else {
            Issue.record("\(dated)")
            return
        }
    }

    @Test("Properties beside oneOf belong to each alternative")
    func besideUnion() throws {
        try expectSame(Schemas.Event.self, #"{"id":"1","kind":"opened","by":"me"}"#, #"{"id":"1","kind":"closed","reason":"done"}"#)
        #expect(rules(Schemas.Event.self, #"{"kind":"closed"}"#) == ["/id required"])
        #expect(rules(Schemas.Event.self, #"{"id":"1","kind":"moved"}"#) == ["/kind discriminator"])
        try expectSame(Schemas.Changed.self, #"{"name":"a"}"#, #"{"name":"a","size":1}"#)
        #expect(rules(Schemas.Changed.self, #"{"other":"a"}"#) == [" anyOf"])
        try expectSame(Schemas.OneName.self, #"{"name":"a"}"#, #"{"nick":"a"}"#)
        #expect(rules(Schemas.OneName.self, #"{"name":"a","nick":"b"}"#) == [" oneOf"])
        #expect(rules(Schemas.OneName.self, "{}") == [" oneOf"])
    }

    @Test("A discriminator in a base schema selects the schemas that extend it")
    func inheritance() throws {
        let cat = try JSONReader.decode(Schemas.Pet.self, from: [UInt8](#"{"petType":"Cat","name":"Tom","lives":9}"#.utf8))
        #expect(cat == .cat(.init(petType: "Cat", name: "Tom", lives: 9)))
        try expectSame(Schemas.Pet.self, #"{"petType":"Dog","name":"Rex","tricks":["sit"]}"#)
        #expect(rules(Schemas.Pet.self, #"{"petType":"Cow"}"#) == ["/petType discriminator"])
    }

    @Test("One constant for two alternatives, type lists, recursion")
    func moreUnions() throws {
        try expectSame(Schemas.Same.self, #"{"type":"message","text":"a"}"#, #"{"type":"message","parts":["a"]}"#, #"{"type":"end"}"#)
        try expectSame(Schemas.Several.self, #""a""#, "1", "true")
        try expectSame(Schemas.Tree.self, "[1,[2,[3,[]]]]")
        try expectSame(Schemas.Nulls.self, #"{"b":"x","c":1,"d":null}"#)
        #expect(try echo(Schemas.Nulls.self, #"{"a":null,"b":null,"c":null}"#) == "{}")
    }

    @Test("Nested trials are bounded")
    func bounded() {
        let text = String(repeating: "[", count: 100) + "true" + String(repeating: "]", count: 100)
        #expect(!rules(Schemas.Tree.self, text).isEmpty)
    }

    @Test(
        "Scalars keep their value; what they are not is refused",
        arguments: [
            (#"{"level":2}"#, #"{"level":4}"#, "/level enum"), (#"{"ratio":0.5}"#, #"{"ratio":2.0}"#, "/ratio enum"),
            (#"{"yes":true}"#, #"{"yes":false}"#, "/yes const"), (#"{"version":3}"#, #"{"version":4}"#, "/version const"),
            (#"{"mixed":[2]}"#, #"{"mixed":2}"#, "/mixed enum"), (#"{"big":18446744073709551615}"#, #"{"big":-1}"#, "/big format"),
            (#"{"small":-128}"#, #"{"small":128}"#, "/small maximum"),
            (#"{"price":12345678901234567890.10}"#, #"{"price":"1"}"#, "/price type"),
            (#"{"total":"0.10"}"#, #"{"total":"x"}"#, "/total format"),
            (#"{"huge":123456789012345678901234567890}"#, #"{"huge":1.5}"#, "/huge type"),
            (#"{"at":"10:11:12Z"}"#, #"{"at":"25:00:00Z"}"#, "/at format"),
            (#"{"lasts":"P1DT2H"}"#, #"{"lasts":"P"}"#, "/lasts format"),
            (#"{"day":"2024-02-29"}"#, #"{"day":"2023-02-29"}"#, "/day format"),
            (#"{"link":"a/b?c#d"}"#, #"{"link":"a b"}"#, "/link format"),
            (#"{"token":"-_8"}"#, #"{"token":"+/8="}"#, "/token contentEncoding"),
        ])
    func scalars(valid: String, invalid: String, rule: String) throws {
        try expectSame(Schemas.Scalars.self, valid)
        #expect(rules(Schemas.Scalars.self, invalid) == [rule])
    }

    @Test("Enums of integers, and of several types")
    func enums() throws {
        try expectSame(
            Schemas.Enums.self, #"{"status":404,"start":1}"#, #"{"status":-1,"phase":1,"open":2,"start":5}"#,
            #"{"phase":7,"open":99,"start":5,"either":"auto"}"#, #"{"start":5,"either":2,"letter":"b","nullable":2,"any":true}"#)
        let value = try JSONReader.decode(Schemas.Enums.self, from: [UInt8](#"{"status":200,"phase":9,"open":1}"#.utf8))
        #expect(value == Schemas.Enums(status: .fine, phase: .unknown(9), open: ._1))
        #expect(value.start == ._5)
        #expect(Schemas.Status.allCases == [.fine, .missing, .minus1])
        #expect(Schemas.Phase(rawValue: 0) == .begin)
        #expect(Schemas.Status(parameterText: "404") == .missing)
        #expect(Schemas.Phase.unknown(7).parameterText == "7")
        for (text, rule) in [
            (#"{"status":201}"#, "/status enum"), (#"{"status":"200"}"#, "/status type"), (#"{"phase":3000000000}"#, "/phase format"),
            (#"{"either":"off"}"#, "/either enum"), (#"{"either":3}"#, "/either enum"), (#"{"letter":"c"}"#, "/letter enum"),
            (#"{"nullable":3}"#, "/nullable enum"), (#"{"any":"two"}"#, "/any enum"),
        ] { #expect(rules(Schemas.Enums.self, text) == [rule], "\(text)") }
    }

    @Test("Defaults of every type are there when the member is not")
    func defaults() throws {
        let value = try JSONReader.decode(Schemas.Defaults.self, from: [UInt8]("{}".utf8))
        #expect(value == Schemas.Defaults())
        #expect(value.list == ["a", "b"])
        #expect(value.square == .init(side: 4))
        #expect(value.any == ["x": [1, nil]])
        #expect(value.kind == .green)
        #expect(value.since.description == "2020-01-02T03:04:05Z")
        #expect(value.labels == ["one": 1])
        #expect(value.bytes == [72, 105, 33])
        #expect(value.key == [251, 255])
        #expect(value.chunks == [[], [0]])
    }

    @Test("A property of one direction is not asked of the other")
    func directions() throws {
        try expectSame(Schemas.Account.self, #"{"name":"a","password":"b"}"#, #"{"id":"1","name":"a"}"#)
        #expect(rules(Schemas.Account.self, "{}") == ["/name required"])
    }

    @Test("Members without a schema of their own")
    func members() throws {
        try expectSame(Schemas.Open.self, #"{"a":"x","b":[1,{"c":null}]}"#)
        try expectSame(Schemas.Undeclared.self, #"{"other":"a","something":{"x":1}}"#)
        #expect(rules(Schemas.Undeclared.self, #"{"other":"a"}"#) == ["/something required"])
        try expectSame(Schemas.Absent.self, #"{"there":1}"#)
        #expect(rules(Schemas.Absent.self, #"{"gone":1}"#) == ["/gone additionalProperties"])
    }

    @Test("What is wrong with a patterned member is told once")
    func patterned() throws {
        try expectSame(Schemas.PatternedToo.self, #"{"name":"abc","n1":"a","x-y":3}"#)
        #expect(
            rules(Schemas.PatternedToo.self, #"{"name":"abcd","n1":2,"x-y":"3","z":{"q":1}}"#).sorted() == [
                "/n1 type", "/name maxLength", "/x-y type", "/z additionalProperties",
            ])
        #expect(
            rules(Schemas.PatternedHolder.self, #"{"all":[{"n1":1,"n2":"a","z":{"q":1}}]}"#).sorted()
                == ["/all/0/n2 type", "/all/0/z additionalProperties"])
    }

    @Test("unevaluatedProperties: false beside allOf closes the merged object")
    func sealed() throws {
        try expectSame(Schemas.Sealed.self, #"{"a":"x","side":1,"b":2}"#)
        #expect(rules(Schemas.Sealed.self, #"{"a":1,"side":1,"c":{"d":1}}"#) == ["/a type", "/c unevaluatedProperties"])
    }

    @Test("Tuples")
    func tuples() throws {
        try expectSame(Schemas.Pair.self, #"["a",1]"#, #"["a"]"#)
        #expect(rules(Schemas.Pair.self, #"[1]"#) == ["/0 type"])
        #expect(rules(Schemas.Pair.self, "[]") == [" minItems"])
        #expect(rules(Schemas.Pair.self, #"["a",1,2]"#) == ["/2 items"])
    }

    @Test("Names of any kind")
    func names() throws {
        try expectSame(Schemas.Names.self, #"{"":"a","class":"b","Type":"c","self":"d","🚀":"e","1st":"f","a-b":"g","a_b":"h"}"#)
    }
}
