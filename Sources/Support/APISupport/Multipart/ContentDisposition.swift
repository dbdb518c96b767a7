internal import HTTPTypes

/// The fields of a part's header that say what it is (RFC 7578 §4).
enum ContentDisposition {
    /// The value of a parameter; quotes and line breaks in it are percent-encoded, as browsers write them (WHATWG HTML §4.10.21.8).
    static func parameter(_ name: String, in fields: HTTPFields) -> String? {
        guard let field = fields[.contentDisposition], let value = MediaType.parameter(name, of: field) else { return nil }
        return value.replacing("%22", with: "\"").replacing("%0D", with: "\r").replacing("%0A", with: "\n")
    }

    static func field(name: String, filename: String?) -> String {
        "form-data; name=\"\(escape(name))\"" + (filename.map { "; filename=\"\(escape($0))\"" } ?? "")
    }

    /// Of a part without a name (RFC 2183).
    static func attachment(filename: String) -> String { "attachment; filename=\"\(escape(filename))\"" }

    private static func escape(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "%22"
            case "\r": result += "%0D"
            case "\n": result += "%0A"
            case "\\": result += "\\\\"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
