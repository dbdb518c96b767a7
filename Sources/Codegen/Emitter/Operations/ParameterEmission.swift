import CodegenModel

/// Statements that read and send one parameter.
extension SourceFile {
    /// Writes a declaration of a parameter's value, read with `reader`.
    mutating func readParameter(_ parameter: Parameter, into declaration: String, among all: [Parameter]) {
        let name = SwiftLiteral.string(parameter.name)
        let required = "required: \(parameter.isRequired)"
        switch parameter.encoding {
        case .json:
            readWith("\(declaration) = reader.json(\(name), in: .\(parameter.location.rawValue), \(required), ", parameter.type)
        case .form(let fields):
            let schema = api.formSchema(parameter.type, fields)
            readWith("\(declaration) = reader.queryForm(\(name), \(required), \(SwiftLiteral.encoding(fields))\(schema), ", parameter.type)
        case .style:
            let place = "\(name), in: .\(parameter.location.rawValue), \(style(parameter, allowReserved: false))\(required)"
            switch api.textForm(parameter.type) {
            case .scalar:
                let empty = parameter.allowsEmptyValue ? ", allowEmpty: true" : ""
                textValue("\(declaration) = reader.parameter(\(place)\(empty)", parameter.type)
            case .list: textValue("\(declaration) = reader.parameters(\(place)", parameter.type)
            case .structure:
                var excluded = ""
                if api.keepsOthers(parameter.type), parameter.isExploded, [.query, .cookie].contains(parameter.location) {
                    let others = all.filter { $0.location == parameter.location && $0.name != parameter.name }.map(\.name)
                    if !others.isEmpty { excluded = "excluding: \(SwiftLiteral.strings(others)), " }
                }
                readWith("\(declaration) = reader.structure(\(place), \(excluded)\(api.textSchema(parameter.type)), ", parameter.type)
            }
        }
    }

    /// Writes statements that put parameters into `call`.
    mutating func sendParameters(_ parameters: [Parameter], of value: String) {
        for parameter in parameters { sendParameter(parameter, "\(value).\(SwiftLiteral.identifier(parameter.swiftName))") }
    }

    private mutating func sendParameter(_ parameter: Parameter, _ value: String) {
        let name = SwiftLiteral.string(parameter.name)
        switch parameter.encoding {
        case .json: writeWith("call.json(\(name), in: .\(parameter.location.rawValue), \(value))", parameter.type)
        case .form(let fields):
            let encoding = SwiftLiteral.encoding(fields).dropLast(2)
            writeWith("call.queryForm(\(value)\(encoding.isEmpty ? "" : ", \(encoding)"))", parameter.type)
        case .style:
            let arguments = "\(name), in: .\(parameter.location.rawValue), \(style(parameter, allowReserved: true))\(value)"
            switch api.textForm(parameter.type) {
            case .scalar: line("call.parameter(\(arguments))")
            case .list: line("call.parameters(\(arguments))")
            case .structure: writeWith("call.structure(\(arguments))", parameter.type)
            }
        }
    }

    /// The arguments of what is not as usual in the parameter's location, each with a comma behind it.
    private func style(_ parameter: Parameter, allowReserved: Bool) -> String {
        guard case .style(let style, let explode, let reserved) = parameter.encoding,
            case .style(let usualStyle, let usualExplode, _) = ParameterEncoding.standard(parameter.location)
        else { return "" }
        var text = style == usualStyle ? "" : "style: .\(style.rawValue), "
        let isScalar = if case .scalar = api.textForm(parameter.type) { true } else { false }
        if !isScalar, explode != usualExplode || style != usualStyle { text += "explode: \(explode), " }
        return reserved && allowReserved ? text + "allowReserved: true, " : text
    }
}

extension Parameter {
    fileprivate var isExploded: Bool { if case .style(_, let explode, _) = encoding { explode } else { false } }
}
