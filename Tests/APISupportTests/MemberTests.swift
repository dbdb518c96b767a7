import APISupport
import Testing

/// Members by their index among the names of a schema, as generated readers look them up.
@Suite struct MemberTests {
    private struct Members: JSONReadable {
        static let wide = MemberNames(
            ["", "a", "aa", "ab", "ba", "name", "nama", "eman", "ä", "x\"y"], required: [1, 5])
        var indices: [Int] = []
        var keys: [String] = []

        static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> Self? {
            guard try json.beginObject() else { return nil }
            var result = Members()
            var seen = MemberSet()
            while let member = try json.nextMember(wide, &seen) {
                result.indices.append(member)
                result.keys.append(json.memberKey.string)
                try json.skipValue()
            }
            json.require(wide, seen)
            return result
        }
    }

    private func violations(_ text: String) -> [String] {
        do {
            _ = try JSONReader.decode(Members.self, from: Array(text.utf8))
            return []
        } catch {
            return error.violations.map { "\($0.rule) \($0.pointer)" }
        }
    }

    private enum Word: String, CaseIterable, JSONReadable {
        case empty = "", a, aa, quote = "x\"y", umlaut = "ä", eman, name, nama

        static let byName = EnumCases(allCases)

        static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> Self? { try json.readEnum(byName) }
    }

    @Test func `finds each case of an enum by its bytes, escaped or not`() throws {
        let text = #"["","a","aa","x\"y","ä","eman","name","nama","\u0061","\u00e4"]"#
        #expect(try JSONReader.decode([Word].self, from: Array(text.utf8)) == Word.allCases + [.a, .umlaut])
        do {
            _ = try JSONReader.decode([Word].self, from: Array(#"["nam","names","\u0041",1,"a"]"#.utf8))
            Issue.record("read what is not there")
        } catch {
            #expect(error.violations.map { "\($0.rule) \($0.pointer)" } == ["enum /0", "enum /1", "enum /2", "type /3"])
        }
    }

    @Test func `finds each name, in order or not, escaped or not`() throws {
        let text = #"{"name":1,"a":[{"a":2}],"":3,"ba":4,"ab":5,"other":6,"\u0065man":7,"ä":8,"x\"y":9,"aa":10,"nam":11,"names":12}"#
        let members = try JSONReader.decode(Members.self, from: Array(text.utf8))
        #expect(members.indices == [5, 1, 0, 4, 3, -1, 7, 8, 9, 2, -1, -1])
        #expect(members.keys == ["name", "a", "", "ba", "ab", "other", "eman", "ä", "x\"y", "aa", "nam", "names"])
    }

    @Test func `tells what is missing and what is there twice`() {
        #expect(violations("{}") == ["required /a", "required /name"])
        #expect(violations(#"{"name":1,"a":1,"\u0061":2}"#) == ["duplicate /a"])
        #expect(violations(#"{"name":1,"a":1,"other":1,"other":2}"#) == [])
    }

    @Test func `knows more than 64 names`() throws {
        let all = (0..<70).map { "\"m\($0)\":0" }
        #expect(try JSONReader.decode(Wide.self, from: Array("{\(all.joined(separator: ","))}".utf8)).count == 70)
        #expect(wideViolations(all.dropLast(1)) == ["required /m69"])
        #expect(wideViolations(all.filter { !$0.contains("m3\"") && !$0.contains("m66\"") }) == ["required /m3", "required /m66"])
        #expect(wideViolations(all + ["\"m65\":1"]) == ["duplicate /m65"])
    }

    private func wideViolations(_ members: [String]) -> [String] {
        do {
            _ = try JSONReader.decode(Wide.self, from: Array("{\(members.joined(separator: ","))}".utf8))
            return []
        } catch {
            return error.violations.map { "\($0.rule) \($0.pointer)" }
        }
    }

    private struct Wide: JSONReadable {
        static let names = MemberNames(
            [
                "m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10", "m11", "m12", "m13", "m14", "m15", "m16",
                "m17", "m18", "m19", "m20", "m21", "m22", "m23", "m24", "m25", "m26", "m27", "m28", "m29", "m30", "m31",
                "m32", "m33", "m34", "m35", "m36", "m37", "m38", "m39", "m40", "m41", "m42", "m43", "m44", "m45", "m46",
                "m47", "m48", "m49", "m50", "m51", "m52", "m53", "m54", "m55", "m56", "m57", "m58", "m59", "m60", "m61",
                "m62", "m63", "m64", "m65", "m66", "m67", "m68", "m69",
            ], required: [3, 66, 69])
        var count = 0

        static func read(from json: inout JSONReader) throws(JSONSyntaxError) -> Self? {
            guard try json.beginObject() else { return nil }
            var result = Wide()
            var seen = MemberSet()
            while let member = try json.nextMember(names, &seen) {
                if member >= 0, seen.contains(member) { result.count += 1 }
                try json.skipValue()
            }
            json.require(names, seen)
            return result
        }
    }
}
