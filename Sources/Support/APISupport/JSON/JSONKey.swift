/// A member's name as ``JSONReader/nextKey()`` found it: bytes of the text itself, compared without building a string.
///
/// It keeps the text alive, so it may be kept; use ``string`` for that, which copies only the name.
public struct JSONKey {
    @usableFromInline let owner: JSONText
    @usableFromInline let bytes: UnsafePointer<UInt8>
    @usableFromInline let count: Int

    init(owner: JSONText, bytes: UnsafePointer<UInt8>, count: Int) {
        self.owner = owner
        self.bytes = bytes
        self.count = count
    }

    /// The name, escapes resolved.
    public var string: String {
        withExtendedLifetime(owner) { String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self) }
    }
}

/// Whether the member's name is `name`, byte for byte (RFC 8259 §8.3). Makes `switch key { case "id": … }` work.
@inlinable
public func ~= (name: StaticString, key: JSONKey) -> Bool {
    // A StaticString of one scalar written as a literal is still stored as a pointer; only `init(unicodeScalarLiteral:)` in a
    // Character context is not, and such a value is never a member's name.
    guard name.hasPointerRepresentation, name.utf8CodeUnitCount == key.count else { return false }
    return withExtendedLifetime(key.owner) {
        let start = name.utf8Start
        for index in 0..<key.count where start[index] != key.bytes[index] { return false }
        return true
    }
}
