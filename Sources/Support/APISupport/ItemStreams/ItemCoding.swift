/// The typed items in a stream of bytes.
struct DecodedItems<Element: Sendable>: AsyncSequence, Sendable {
    let bytes: ByteStream
    let format: ItemFormat
    /// Reads the JSON of the item with that index; what it throws ends the stream.
    let decode: @Sendable ([UInt8], Int) throws -> Element
    let failure: @Sendable (ItemParser.Failure) -> any Error

    func makeAsyncIterator() -> Iterator { Iterator(items: self, bytes: bytes.makeAsyncIterator(), parser: ItemParser(format)) }

    struct Iterator: AsyncIteratorProtocol {
        let items: DecodedItems
        var bytes: ByteStream.Iterator
        var parser: ItemParser
        /// Items of the last chunk that are still to be given out.
        var pending: ArraySlice<[UInt8]> = []
        var index = 0
        var isAtEnd = false

        mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws -> Element? {
            while true {
                if let item = pending.popFirst() {
                    index += 1
                    return try items.decode(item, index - 1)
                }
                if isAtEnd { return nil }
                let chunk = try await bytes.next(isolation: actor)
                do throws(ItemParser.Failure) {
                    if let chunk {
                        pending = try parser.feed(chunk)[...]
                    } else {
                        isAtEnd = true
                        pending = try parser.finish().map { [$0] } ?? []
                    }
                } catch {
                    isAtEnd = true
                    throw items.failure(error)
                }
            }
        }
    }
}

/// Items as bytes, one chunk an item.
struct ItemBytes<Item: Sendable>: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let items: ItemStream<Item>
    let format: ItemFormat
    let write: @Sendable (Item, inout JSONWriter) -> Void

    func makeAsyncIterator() -> Iterator { Iterator(items: items.makeAsyncIterator(), format: format, write: write) }

    struct Iterator: AsyncIteratorProtocol {
        var items: ItemStream<Item>.Iterator
        let format: ItemFormat
        let write: @Sendable (Item, inout JSONWriter) -> Void

        mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws -> [UInt8]? {
            guard let item = try await items.next(isolation: actor) else { return nil }
            var json = JSONWriter()
            write(item, &json)
            return format.bytes(json.bytes)
        }
    }
}
