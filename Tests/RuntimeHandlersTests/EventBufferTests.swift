import Testing

@testable import RuntimeHandlers

@Suite("The buffer of events")
struct EventBufferTests {
    private func event(_ text: String) -> SessionEvent { .textDelta(turnID: "t", text: text) }

    @Test("Gives what is behind a number, and nil for what it no longer has or never had")
    func resumption() {
        var buffer = EventBuffer(maximumCount: 3, maximumBytes: 10_000)
        #expect(buffer.entries(after: 0)?.count == 0)
        for number in 1...5 { #expect(buffer.append(event("\(number)")).number == UInt64(number)) }
        #expect(buffer.entries(after: 2)?.map(\.event) == [event("3"), event("4"), event("5")])
        #expect(buffer.entries(after: 4)?.map(\.number) == [5])
        #expect(buffer.entries(after: 5)?.isEmpty == true)
        #expect(buffer.entries(after: 1)?.count == nil)
        #expect(buffer.entries(after: 6)?.count == nil)
    }

    @Test("Keeps to its bound of bytes")
    func bytes() {
        let size = event("x").size
        var buffer = EventBuffer(maximumCount: 100, maximumBytes: 3 * size)
        for _ in 1...10 { _ = buffer.append(event("x")) }
        #expect(buffer.entries(after: 7)?.count == 3)
        #expect(buffer.entries(after: 6)?.count == nil)
        _ = buffer.append(event(String(repeating: "x", count: 10 * size)))
        #expect(buffer.entries(after: 10)?.count == 1)
        #expect(buffer.entries(after: 9)?.count == nil)
    }
}
