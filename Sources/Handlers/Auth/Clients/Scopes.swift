/// A set of scopes in the order in which they were named (RFC 6749 section 3.3).
public struct Scopes: Sendable, Equatable, CustomStringConvertible {
    /// Each once.
    public let values: [String]

    public init(_ values: [String]) {
        var seen: Set<String> = []
        self.values = values.filter { seen.insert($0).inserted }
    }

    /// Reads a `scope` parameter.
    ///
    /// - Returns: nil when a character is not allowed, or when nothing is named.
    public init?(parameter: String) {
        let names = parameter.split(separator: " ").map(String.init)
        let allowed = names.allSatisfy { name in
            name.utf8.allSatisfy { $0 == 0x21 || (0x23...0x5B).contains($0) || (0x5D...0x7E).contains($0) }
        }
        guard allowed, !names.isEmpty else { return nil }
        self.init(names)
    }

    /// As in a `scope` parameter or claim.
    public var description: String { values.joined(separator: " ") }

    public var isEmpty: Bool { values.isEmpty }

    public func contains(_ scope: String) -> Bool { values.contains(scope) }

    public func isSubset(of other: Scopes) -> Bool { values.allSatisfy(other.contains) }

    public func removing(_ scope: String) -> Scopes { Scopes(values.filter { $0 != scope }) }
}

extension Scopes {
    /// The scope of administrators: a person gets it only when their account says so.
    static let administration = "api:admin"
    /// The scope that asks for an ID token (OpenID Connect Core section 3.1.2.1).
    static let openID = "openid"
}
