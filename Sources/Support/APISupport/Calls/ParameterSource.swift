internal import HTTPTypes

/// Where the texts of a request's parameters are found.
struct ParameterSource: Sendable {
    private let request: ServerRequest
    /// The pairs of the query, values still encoded.
    let query: [(name: String, text: WireText)]
    /// The query has more pairs than are read.
    let isTooLong: Bool

    init(_ request: ServerRequest) {
        self.request = request
        guard let text = request.query else {
            query = []
            isTooLong = false
            return
        }
        let pairs = FormReading.pairs([UInt8](text.utf8)[...])
        query = pairs ?? []
        isTooLong = pairs == nil
    }

    /// The whole query as it came.
    var queryString: WireText? { request.query.map { WireText($0, .percent) } }

    /// Every text that the request gives for a parameter, in order.
    func texts(_ name: String, in location: ParameterLocation, style: ParameterStyle? = nil) -> [WireText] {
        switch location {
        case .path: return request.pathValues.filter { $0.name == name }.map { WireText($0.text, .percent) }
        case .query: return query.filter { $0.name == name }.map(\.text)
        case .header:
            guard let name = HTTPField.Name(name) else { return [] }
            return request.head.headerFields[values: name].map { WireText($0, .none) }
        case .cookie: return cookies(style).filter { $0.name == name }.map(\.text)
        case .querystring: return queryString.map { [$0] } ?? []
        }
    }

    /// All pairs in which members of an object may be.
    func pairs(in location: ParameterLocation, style: ParameterStyle?) -> [(name: String, text: WireText)] {
        location == .cookie ? cookies(style) : query
    }

    /// The cookies of all `Cookie` fields (RFC 6265 §4.2.1), quotes around a value left out. Style `form` is percent-encoded, `cookie` is
    /// not.
    private func cookies(_ style: ParameterStyle?) -> [(name: String, text: WireText)] {
        request.head.headerFields[values: .cookie].flatMap { field in
            field.utf8.split(separator: UInt8(ascii: ";")).compactMap { pair -> (name: String, text: WireText)? in
                guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { return nil }
                let name = Self.trimmed(pair[..<equals])
                var value = [UInt8](Self.trimmed(pair[pair.index(after: equals)...]))[...]
                let quote = UInt8(ascii: "\"")
                if value.count >= 2, value.first == quote, value.last == quote { value = value.dropFirst().dropLast() }
                return (String(Substring(name)), WireText(value, style == .cookie ? .none : .percent))
            }
        }
    }

    private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        let start = text.drop { $0 == 0x20 || $0 == 0x09 }
        guard let end = start.lastIndex(where: { $0 != 0x20 && $0 != 0x09 }) else { return start.prefix(0) }
        return start[...end]
    }
}

extension ParameterLocation {
    /// The style that a parameter has when none is given (OpenAPI 3.2 §4.12.2).
    var defaultStyle: ParameterStyle { self == .query || self == .cookie ? .form : .simple }
}
