#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Looks, before a file is searched for named schemas, whether it has any: few have, and large ones are worth not searching.
enum SchemaIdentifiers {
    private static let keywords: [StaticString] = ["$id", "$anchor", "$dynamicAnchor"]

    /// Whether the text has the name of a keyword that names a schema. It may stand elsewhere.
    static func mayOccur(in text: [UInt8]) -> Bool {
        text.withUnsafeBytes { text in
            guard var start = text.baseAddress else { return false }
            let end = start + text.count
            while let dollar = memchr(start, Int32(UInt8(ascii: "$")), end - start).map({ UnsafeRawPointer($0) }) {
                for keyword in keywords where end - dollar >= keyword.utf8CodeUnitCount {
                    if memcmp(dollar, keyword.utf8Start, keyword.utf8CodeUnitCount) == 0 { return true }
                }
                start = dollar + 1
            }
            return false
        }
    }
}
