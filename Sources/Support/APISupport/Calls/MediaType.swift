/// Media types as header fields name them (RFC 9110 §8.3.1).
enum MediaType {
    /// Type and subtype of a field value, lower case; nil when there are none.
    static func essence(_ field: String) -> String? {
        let essence = field.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased()
        let parts = essence.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy({ !$0.isEmpty }) ? essence : nil
    }

    /// The value of a parameter, without quotes; nil when there is none.
    static func parameter(_ name: String, of field: String) -> String? {
        guard field.utf8.contains(UInt8(ascii: ";")) else { return nil }
        return parameters(field).first { $0.name == name }?.value
    }

    /// The parameters, names in lower case; a value in quotes may hold semicolons.
    static func parameters(_ field: String) -> [(name: String, value: String)] {
        var parts: [[UInt8]] = [[]]
        var isQuoted = false
        var bytes = field.utf8.makeIterator()
        while let byte = bytes.next() {
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ";") where !isQuoted: parts.append([])
            case UInt8(ascii: "\\") where isQuoted:
                // Only quotes and backslashes are escaped by anyone: old browsers send paths of Windows as they are.
                let next = bytes.next()
                if next != UInt8(ascii: "\""), next != UInt8(ascii: "\\") { parts[parts.count - 1].append(byte) }
                if let next { parts[parts.count - 1].append(next) }
            default: parts[parts.count - 1].append(byte)
            }
        }
        return parts.dropFirst().map { String(decoding: $0, as: UTF8.self) }.compactMap { part in
            guard let equals = part.firstIndex(of: "=") else { return nil }
            let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
            let name = part[..<equals].filter { !isSpace($0) }.lowercased()
            let value = part[part.index(after: equals)...].drop(while: isSpace)
            return (name, String(value.reversed().drop(while: isSpace).reversed()))
        }
    }

    /// The index of the declared type that fits best: one with parameters, all of which `field` has, before one named in full before JSON of
    /// any media type (`*/*+json`) before a range such as `image/*` before `*/*`. What has no media type (`field` is empty) may be of any.
    static func index(of field: String, in declared: [StaticString]) -> Int? {
        if field.isEmpty { return declared.firstIndex { ["*/*", "*/*+json"].contains($0.description) } }
        for (index, type) in declared.enumerated() where isSame(field, type) { return index }
        guard let essence = essence(field) else { return nil }
        let parameters = field.utf8.contains(UInt8(ascii: ";")) ? parameters(field) : []
        var best: (index: Int, rank: Int)?
        for (index, type) in declared.enumerated() {
            guard let rank = rank(essence, parameters, type.description), rank > best?.rank ?? -1 else { continue }
            best = (index, rank)
        }
        return best?.index
    }

    /// How a range of JSON media types ends: `*/*+json`, `application/*+json`.
    private static let jsonRange = "/*+json"

    static func isJSON(_ essence: String) -> Bool {
        essence == "application/json" || essence == "text/json" || essence.hasSuffix("+json")
    }

    /// A declared type as header fields may name it: a range of JSON media types is none that they know.
    static func advertised(_ declared: StaticString) -> String {
        declared.description.hasSuffix(jsonRange) ? "application/json" : declared.description
    }

    /// The common case, without a copy of anything.
    private static func isSame(_ field: String, _ declared: StaticString) -> Bool {
        guard declared.hasPointerRepresentation, field.utf8.count == declared.utf8CodeUnitCount else { return false }
        return field.utf8.elementsEqual(UnsafeBufferPointer(start: declared.utf8Start, count: declared.utf8CodeUnitCount))
    }

    private static func rank(_ essence: String, _ parameters: [(name: String, value: String)], _ declared: String) -> Int? {
        let type = self.essence(declared) ?? declared
        let wanted = declared.utf8.contains(UInt8(ascii: ";")) ? self.parameters(declared) : []
        let hasAll = wanted.allSatisfy { wanted in
            parameters.contains { $0.name == wanted.name && $0.value.lowercased() == wanted.value.lowercased() }
        }
        guard hasAll else { return nil }
        if type == essence { return 1_000 + wanted.count }
        if type == "*/*" { return 0 }
        if type.hasSuffix(jsonRange) {
            return isJSON(essence) && (type == "*/*+json" || essence.hasPrefix(type.dropLast(jsonRange.utf8.count - 1))) ? 2 : nil
        }
        return type.hasSuffix("/*") && essence.hasPrefix(type.dropLast()) ? 1 : nil
    }
}
