import CodegenModel

/// Parameters are written in the default style of their location only (OpenAPI 3.1, section 4.8.12.2).
enum ParameterStyle {
    static func check(_ reader: ObjectReader, location: ParameterLocation) {
        let isForm = location == .query || location == .cookie
        let style = isForm ? "form" : "simple"
        if let written = reader.string("style"), written != style, let node = reader["style"] {
            reader.diagnostics.report(
                .unsupported, "the style `\(written)` is not supported", at: node.position,
                help: "remove it: `\(style)` is the default in \(location.rawValue)"
            )
        }
        // `simple` writes arrays alike whether exploded or not.
        if isForm, reader.boolean("explode") == false, let node = reader["explode"] {
            reader.diagnostics.report(
                .unsupported, "`explode: false` is not supported", at: node.position,
                help: "remove it: a query parameter is repeated for each value"
            )
        }
    }
}
