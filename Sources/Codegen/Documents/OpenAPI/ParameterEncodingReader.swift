import CodegenModel

/// Reads how a parameter, a header or a form's field is written (OpenAPI 3.2, sections 4.12.2 and 4.15).
struct ParameterEncodingReader {
    let reader: ObjectReader

    private var diagnostics: DiagnosticCollector { reader.diagnostics }

    /// `style`, `explode` and `allowReserved` as written; what is absent is as the location, or the style, has it.
    func encoding(in location: ParameterLocation) -> ParameterEncoding {
        var style: ParameterStyle = location == .query || location == .cookie ? .form : .simple
        if let written = reader.string("style"), let node = reader["style"] {
            if let known = ParameterStyle(rawValue: written), Self.styles(in: location).contains(known) {
                style = known
            } else {
                diagnostics.report(
                    .parameterStyle, "the style `\(written)` is not possible in \(location.rawValue)", at: node.position,
                    help: "use \(Self.styles(in: location).map { "`\($0.rawValue)`" }.joined(separator: " or "))"
                )
            }
        }
        let explode = reader.boolean("explode") ?? (style == .form || style == .cookie || style == .deepObject)
        return .style(style, explode: explode, allowReserved: reader.boolean("allowReserved") ?? false)
    }

    /// The Encoding Object of a form's field; nil when it says nothing.
    func field(_ name: String) -> FieldEncoding? {
        if reader["style"] != nil || reader["explode"] != nil || reader["allowReserved"] != nil {
            guard case .style(let style, let explode, let allowReserved) = encoding(in: .query) else { return nil }
            return FieldEncoding(name: name, kind: .style(style, explode: explode, allowReserved: allowReserved))
        }
        guard let contentType = reader.string("contentType"), let node = reader["contentType"] else { return nil }
        if MediaTypeObject.isJSON(contentType) { return FieldEncoding(name: name, kind: .json) }
        // Any other type tells what the text is, and travels nowhere in a form; XML would be another text.
        if contentType.hasSuffix("/xml") || contentType.hasSuffix("+xml") {
            diagnostics.report(
                .unsupported, "a form's field of the media type \(contentType) is not supported", at: node.position,
                help: "use `application/json` or `text/plain`, or multipart/form-data"
            )
        }
        return nil
    }

    private static func styles(in location: ParameterLocation) -> [ParameterStyle] {
        switch location {
        case .path: [.simple, .label, .matrix]
        case .query: [.form, .spaceDelimited, .pipeDelimited, .deepObject]
        case .header, .querystring: [.simple]
        case .cookie: [.form, .cookie]
        }
    }
}
