import APISupport
import SchemaOptionsAPI
import Testing

/// `formats` and `additionalProperties: keep` of codegen.yaml, compiled.
@Suite("Schemas as the configuration has them")
struct SchemaOptionTests {
    private func echo<T: JSONReadable & JSONWritable>(_ type: T.Type, _ text: String) throws -> String {
        String(decoding: JSONWriter.encode(try JSONReader.decode(type, from: [UInt8](text.utf8))), as: UTF8.self)
    }

    @Test("A format is read and written by the type chosen for it")
    func formats() throws {
        let text =
            #"{"amount":12345678901234567890.10,"at":"2020-01-02T03:04:05Z","day":"2020-13-99","days":["2020-01-02T03:04:05Z"],"limits":{"a":0.10}}"#
        #expect(try echo(Schemas.Payment.self, text) == text)
        let payment = Schemas.Payment(amount: ExactNumber(literal: "0.10"), at: Timestamp("2020-01-02T03:04:05Z"), day: "any")
        #expect(String(decoding: JSONWriter.encode(payment), as: UTF8.self) == #"{"amount":0.10,"at":"2020-01-02T03:04:05Z","day":"any"}"#)
        #expect(throws: RequestFailure.self) { try echo(Schemas.Payment.self, #"{"amount":1,"at":"yesterday"}"#) }
    }

    @Test("Members of which no schema speaks are kept, where they are allowed")
    func keptMembers() throws {
        let text = #"{"name":"a","open":{"deep":[1,{"b":null}]},"other":0.5}"#
        #expect(try echo(Schemas.Holder.self, text) == text)
        #expect(try JSONReader.decode(Schemas.Open.self, from: [UInt8](#"{"x":1}"#.utf8)) == .init(additionalProperties: ["x": 1]))
        #expect(throws: RequestFailure.self) { try echo(Schemas.Closed.self, #"{"name":"a","other":1}"#) }
    }
}
