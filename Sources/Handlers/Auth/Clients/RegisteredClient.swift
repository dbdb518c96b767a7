import Crypto
import FoundationEssentials

/// A registered OAuth client (RFC 6749 section 2).
public struct RegisteredClient: Sendable {
    /// Whether the client can keep a secret.
    public enum Kind: Sendable, Equatable {
        /// On a user's device: no secret, PKCE instead.
        case `public`
        /// On a server: with the SHA-256 of its secret; of two, while one replaces the other.
        case confidential(secretHashes: [[UInt8]])
    }

    /// A way to get tokens.
    public enum GrantType: String, Sendable, CaseIterable {
        case authorizationCode = "authorization_code"
        case refreshToken = "refresh_token"
        case clientCredentials = "client_credentials"
        /// Dropped by OAuth 2.1; for deployed clients that have nothing else, and logged at each use.
        case password
    }

    public let id: String
    /// What the sign-in page calls it.
    public let name: String
    public let kind: Kind
    public let grants: Set<GrantType>
    /// Where its answers may go: compared as a whole, but for the port of a loopback address.
    public let redirectURIs: [String]
    /// Everything it may ask for.
    public let scopes: Scopes
    /// What it gets when it does not ask.
    public let defaultScopes: Scopes

    /// A client on users' devices.
    public init(
        publicID id: String, name: String, grants: Set<GrantType>, redirectURIs: [String], scopes: Scopes, defaultScopes: Scopes
    ) {
        self.id = id
        self.name = name
        kind = .public
        self.grants = grants
        self.redirectURIs = redirectURIs
        self.scopes = scopes
        self.defaultScopes = defaultScopes
    }

    /// A client on a server, which authenticates with a secret.
    ///
    /// - Parameter secrets: Each is accepted. At least 16 characters, and random: they are hashed, not stretched.
    public init(
        confidentialID id: String, name: String, secrets: [String], grants: Set<GrantType>, redirectURIs: [String] = [], scopes: Scopes,
        defaultScopes: Scopes
    ) {
        self.id = id
        self.name = name
        kind = .confidential(secretHashes: secrets.map(Self.hash))
        self.grants = grants
        self.redirectURIs = redirectURIs
        self.scopes = scopes
        self.defaultScopes = defaultScopes
    }

    /// Whether a secret is this client's; takes as long for a wrong one as for a right one.
    func accepts(secret: String) -> Bool {
        guard case .confidential(let secretHashes) = kind else { return false }
        let hash = Self.hash(secret)
        return secretHashes.reduce(false) { constantTimeEqual(hash, $1) || $0 }
    }

    private static func hash(_ secret: String) -> [UInt8] { Array(SHA256.hash(data: Data(secret.utf8))) }
}

/// Compares without telling by its duration where the first difference is.
func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
