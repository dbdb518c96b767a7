/// A credential that travels as a subprotocol of a WebSocket, for browsers, which can set no other header field: the client offers
/// `bearer` and the token, and the server selects `bearer` (RFC 6455 §1.9).
public enum WebSocketSubprotocol {
    /// The header field that a security scheme of type `httpApiKey` names for it.
    public static let field = "Sec-WebSocket-Protocol"
    /// The subprotocol that says that a token follows.
    public static let bearer = "bearer"

    static func isField(_ name: String) -> Bool { name.lowercased() == "sec-websocket-protocol" }

    static func offer(_ token: String) -> String { "\(bearer), \(token)" }

    /// The token that is offered behind `bearer`; nil when the field says something else.
    static func token(_ value: String) -> String? {
        let offered = ParameterStyle.fieldElements(WireText(value, .none)).map(\.decoded)
        return offered.count == 2 && offered[0] == bearer ? offered[1] : nil
    }

    /// What an accepted upgrade must select; nil: nothing.
    public static func selected(_ value: String?) -> String? { value.flatMap(token) == nil ? nil : bearer }
}
