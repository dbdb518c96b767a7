import APISupport
import Crypto
import FoundationEssentials
import Logging
import Testing

@testable import AuthHandlers

@Suite("Parts of the auth domain")
struct DomainTests {
    @Test("the example of RFC 7636 appendix B")
    func proofKey() {
        #expect(ProofKey.verifier(AuthFixture.verifier, matches: AuthFixture.challenge))
        #expect(!ProofKey.verifier(AuthFixture.verifier + "x", matches: AuthFixture.challenge))
        #expect(ProofKey.isChallenge(AuthFixture.challenge))
        #expect(!ProofKey.isChallenge(AuthFixture.challenge + "="))
        #expect(ProofKey.isVerifier(String(repeating: "~", count: 43)))
        #expect(!ProofKey.isVerifier(String(repeating: "~", count: 42)))
        #expect(!ProofKey.isVerifier(String(repeating: "~", count: 129)))
        #expect(!ProofKey.isVerifier(String(repeating: "+", count: 43)))
    }

    @Test("a password hash accepts its password, and its text is all that is kept")
    func passwordHash() throws {
        let parameters = PasswordHash.Parameters(logN: 4, blockSize: 8, parallelism: 1)
        let hash = try PasswordHash(hashing: "pässword", parameters: parameters)
        let kept = try #require(PasswordHash(hash.text))
        #expect(kept == hash)
        #expect(try kept.matches("pässword"))
        #expect(try !kept.matches("passwort"))
        #expect(try !PasswordHash(ofNobody: parameters).matches(""))
        #expect(hash.text.hasPrefix("$scrypt$ln=4,r=8,p=1$"))
        #expect(try PasswordHash(hashing: "pässword", parameters: parameters).text != hash.text)
    }

    @Test("the third test vector of RFC 7914 section 12")
    func scrypt() throws {
        // The first half: what comes out does not depend on how much is asked for.
        let digest = "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
        let bytes = stride(from: 0, to: 64, by: 2).compactMap { UInt8(digest.dropFirst($0).prefix(2), radix: 16) }
        let salt = Base64URL.encode(Array("SodiumChloride".utf8))
        let hash = try #require(PasswordHash("$scrypt$ln=14,r=8,p=1$\(salt)$\(Base64URL.encode(bytes))"))
        #expect(try hash.matches("pleaseletmein"))
    }

    @Test(
        "a kept text that would take memory without bound, or is none, is not computed",
        arguments: [
            "", "$scrypt$", "$scrypt$ln=63,r=8,p=1$AAAA$AAAA", "$scrypt$ln=4,r=1000000,p=1$AAAA$AAAA", "$scrypt$ln=-1,r=8,p=1$AAAA$AAAA",
            "$scrypt$ln=4,r=8$AAAA$AAAA", "$scrypt$r=8,ln=4,p=1$AAAA$AAAA", "$bcrypt$ln=4,r=8,p=1$AAAA$AAAA",
            "$scrypt$ln=4,r=8,p=1$AAAA$AAAA",
        ])
    func malformedHash(_ text: String) { #expect(PasswordHash(text) == nil) }

    @Test("only so many passwords are looked at at once")
    func hasherCapacity() async throws {
        let hasher = PasswordHasher(parameters: PasswordHash.Parameters(logN: 12, blockSize: 8, parallelism: 1), capacity: 2)
        let refused = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<32 {
                group.addTask { await Result({ try await hasher.verify("password", against: nil) }).isFailure }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(refused > 0)
        #expect(refused < 32)
        #expect(try await !hasher.verify("password", against: nil), "there is room again afterwards")
    }

    @Test("the attempts of one network are counted together")
    func addresses() {
        func key(_ peer: String?, _ forwardedFor: String? = nil, _ proxies: Int = 0) -> String {
            ClientAddress(peer: peer, forwardedFor: forwardedFor, trustedProxies: proxies).key
        }
        #expect(key("192.0.2.1") == "192.0.2.1")
        #expect(key("192.0.2.1:4242") == "192.0.2.1")
        #expect(key("2001:db8:1:2:3:4:5:6") == key("2001:db8:1:2::1"))
        #expect(key("2001:db8:1:2::1") != key("2001:db8:1:3::1"))
        #expect(key("[2001:db8:1:2::1]:443") == key("2001:db8:1:2::1"))
        #expect(key("::ffff:192.0.2.1") == "192.0.2.1")
        #expect(key("10.0.0.1", "192.0.2.1") == "10.0.0.1", "nobody vouches for the header")
        #expect(key("10.0.0.1", "6.6.6.6, 192.0.2.1", 1) == "192.0.2.1")
        #expect(key("10.0.0.1", "6.6.6.6, 192.0.2.1, 10.0.0.2", 2) == "192.0.2.1")
        #expect(key("10.0.0.1", nil, 1) == "10.0.0.1")
        #expect(key(nil) == "unknown")
        #expect(key(String(repeating: "1", count: 1000)) == "unknown")
    }

    @Test("the seal of a request is for that request")
    func seal() throws {
        let seal = TransactionSeal(keys: [.init(size: .bits256)], lifetime: 600)
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        let parameters = AuthorizationParameters(clientID: "a", redirectURI: "b", scope: "c", state: nil)
        let text = try #require(seal.seal(parameters, at: now))
        #expect(seal.isValid(text, for: parameters, at: now))
        #expect(!seal.isValid(text, for: parameters, at: now.addingTimeInterval(600)))
        #expect(!seal.isValid(text, for: AuthorizationParameters(clientID: "a", redirectURI: "b", scope: "c", state: ""), at: now))
        #expect(!seal.isValid(text, for: AuthorizationParameters(clientID: "a", redirectURI: "b,1:c"), at: now))
        #expect(!TransactionSeal(keys: [.init(size: .bits256)], lifetime: 600).isValid(text, for: parameters, at: now))
        for broken in ["", ".", "9999999999.", "9999999999999999999999.AAAA", text + ".", "x" + text] {
            #expect(!seal.isValid(broken, for: parameters, at: now))
        }
    }

    @Test("settings from the environment, and what is wrong with them")
    func environment() throws {
        let configuration = try AuthConfiguration(environment: [
            "CODELAB_AUTH_ISSUER": "https://auth.example", "CODELAB_AUTH_INTERNAL_SECRET": "0123456789abcdef",
            "CODELAB_AUTH_PASSWORD_GRANT_CLIENTS": "codelab-flutter-app, codelab-cli", "CODELAB_ADMIN_PASSWORD": "secret",
            "CODELAB_AUTH_ACCESS_LIFETIME": "60", "CODELAB_TRUSTED_PROXIES": "2", "CODELAB_AUTH_AUDIENCE": "",
        ])
        #expect(configuration.issuer == "https://auth.example")
        #expect(configuration.audience == "codelab")
        #expect(configuration.administratorPassword == "secret")
        #expect(configuration.accessTokenLifetime == 60)
        #expect(configuration.trustedProxies == 2)
        #expect(configuration.clients.filter { $0.grants.contains(.password) }.map(\.id) == ["codelab-flutter-app", "codelab-cli"])
        for wrong in [
            ["CODELAB_AUTH_ACCESS_LIFETIME": "soon"], ["CODELAB_AUTH_INTERNAL_SECRET": "short"],
            ["CODELAB_AUTH_PASSWORD_GRANT_CLIENTS": "nobody"],
        ] {
            #expect(throws: AuthConfigurationError.self) { _ = try AuthConfiguration(environment: wrong) }
        }
        for wrong in ["", "ftp://x", "http://x/", "http://x?y"] {
            var configuration = AuthConfiguration(issuer: wrong)
            configuration.scryptLogN = 4
            #expect(throws: AuthConfigurationError.self) {
                _ = try AuthService(
                    configuration: configuration, repositories: .failing(), limiter: AwayLimiter(), logger: .init(label: "test"))
            }
        }
    }
}

extension Result where Failure == any Error {
    init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }

    var isFailure: Bool {
        if case .failure = self { true } else { false }
    }
}
