import APISupport
import Testing

@testable import codelab

@Suite("Signing in at the terminal")
struct SignInTests {
    private let request = AuthorizationRequest(redirectURI: "http://127.0.0.1:1/callback", scope: "api:read api:write", state: "s")

    @Test func theRequestHoldsThePKCEChallenge() {
        let url = request.url(authURL: "http://auth")
        #expect(url.hasPrefix("http://auth/oauth/authorize?client_id=codelab-cli&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcallback&"))
        #expect(url.contains("scope=api%3Aread%20api%3Awrite&state=s"))
        #expect(url.contains("code_challenge=\(request.proofKey.challenge)&code_challenge_method=S256"))
        #expect(request.proofKey.verifier.count == 43)
        #expect(!url.contains(request.proofKey.verifier))
        #expect(ProofKey().verifier != ProofKey().verifier)
    }

    @Test(
        "Another request's state, another server's answer, an error and a missing code are refused",
        arguments: [
            ["state": "t", "iss": "i", "code": "c"], ["state": "s", "iss": "j", "code": "c"], ["state": "s", "code": "c"],
            ["state": "s", "iss": "i", "error": "access_denied"], ["state": "s", "iss": "i"], [:],
        ])
    func refused(answer: [String: String]) {
        #expect(throws: SignInFailure.self) { try request.code(from: answer, issuer: "i") }
    }

    @Test func theCode() throws {
        #expect(try request.code(from: ["state": "s", "iss": "i", "code": "c"], issuer: "i") == "c")
    }

    @Test func theSealIsFoundInThePage() {
        let page =
            "<form><input type=\"text\" name=\"username\" value=\"\"><input type=\"hidden\" name=\"transaction\" value=\"a.b\"></form>"
        #expect(SignInPage.hiddenField("transaction", in: page) == "a.b")
        #expect(SignInPage.hiddenField("nonce", in: page) == nil)
        #expect(SignInPage.hiddenField("transaction", in: "<input name=\"transaction\">") == nil)
    }
}
