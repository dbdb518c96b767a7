import CodegenModel

extension Rule {
    static let parameterStyle = Rule(
        "parameter-style", "A parameter's style is one of its location's.",
        explanation: """
            simple, label and matrix in a path; form, spaceDelimited, pipeDelimited and deepObject in a query; simple in a header; form and
            cookie in a cookie (OpenAPI 3.2, section 4.12.2). A form's field has a query's styles.
            """
    )
    static let encodingIgnored = Rule(
        "encoding-ignored", "What a document says about how a value is written is used.", severity: .warning,
        explanation: """
            `deepObject` has no meaning for scalars and lists, which are written in the style `form`. An XML body is its text, and a body
            of `*/*` or another type without a form of its own its bytes, whatever its schema. A multipart body whose parts are not an object's
            properties is read and written part by part, untyped.
            """
    )
    static let bodyForbidden = Rule(
        "body-forbidden", "A response that can have no body declares none.", severity: .warning, help: "remove `content`",
        explanation:
            "Responses with a status of 1XX, 204, 205 and 304 have no body (RFC 9110, section 6.4.1): the declared one is left out."
    )
}
