import FoundationEssentials
import Metrics

/// What the auth service counts, all of it at 0 from its start on. No label is of a caller's choosing.
struct AuthMetrics: Sendable {
    static let shared = AuthMetrics()

    private let signIns = Dictionary(
        uniqueKeysWithValues: ["signed_in", "refused", "slowed_down", "unavailable"].map {
            ($0, Counter(label: "codelab_sign_ins_total", dimensions: [("outcome", $0)]))
        })
    private let issued = Dictionary(
        uniqueKeysWithValues: RegisteredClient.GrantType.allCases.map {
            ($0.rawValue, Counter(label: "codelab_tokens_issued_total", dimensions: [("grant_type", $0.rawValue)]))
        })
    private let refused = Dictionary(
        uniqueKeysWithValues: OAuthError.Code.allCases.map {
            ($0, Counter(label: "codelab_tokens_refused_total", dimensions: [("error", $0.rawValue)]))
        })
    private let keyCreated = Meter(label: "codelab_signing_key_created_timestamp_seconds")

    /// A name and a password were brought.
    func signedIn(_ outcome: UserAccounts.SignIn) {
        let name =
            switch outcome {
            case .signedIn: "signed_in"
            case .refused: "refused"
            case .notTried(.tooManyAttempts): "slowed_down"
            case .notTried(.unavailable): "unavailable"
            }
        signIns[name]?.increment()
    }

    func tokensIssued(grantType: String) { issued[grantType]?.increment() }

    func tokensRefused(_ code: OAuthError.Code) { refused[code]?.increment() }

    /// The key that signs now.
    func signs(with key: SigningKey) { keyCreated.set(key.createdAt.timeIntervalSince1970) }
}
