import APISupport
import APIWebSocket
import Crypto
import FoundationEssentials
import HTTPTypes
import NIOSSL
import SwiftASN1
import Synchronization
import Testing
import X509

@Suite("wss://", .serialized, .timeLimit(.minutes(2)))
struct WebSocketTLSTests {
    /// An authority made for this test, which signed the server's certificate for `localhost`: itself.
    private let context: NIOSSLContext
    private let authorities: String

    init() throws {
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName("CodeLab test") }
        let now = Date()
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey), notValidBefore: now.addingTimeInterval(-60),
            notValidAfter: now.addingTimeInterval(3_600), issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                SubjectAlternativeNames([.dnsName("localhost")])
            }, issuerPrivateKey: .init(key))
        let pem = try certificate.serializeAsPEM().pemString
        context = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(try NIOSSLCertificate(bytes: Array(pem.utf8), format: .pem))],
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.pemRepresentation.utf8), format: .pem))))
        authorities = FileManager.default.temporaryDirectory.path + "/codelab-authorities-\(UUID().uuidString).pem"
        try Data(pem.utf8).write(to: URL(filePath: authorities))
    }

    /// A message, then a close frame.
    private static let frames: [UInt8] = [0x81, 3] + [UInt8]("bye".utf8) + [0x88, 2, 0x03, 0xE8]

    @Test("Frames come through TLS when the server's certificate is of a trusted authority and for its name")
    func trusted() async throws {
        defer { try? FileManager.default.removeItem(atPath: authorities) }
        let lastFrame = Mutex<ContinuousClock.Instant?>(nil)
        try await RawServer.run(tls: context, { RawServer.upgrade($0, then: Self.frames) }) { request in
            try await WebSocketClient(authoritiesFile: authorities).connect(request) { transport in
                let message = try await transport.receive()
                #expect(message == [UInt8]("bye".utf8))
                let end = try await transport.receive()
                #expect(end == nil)
                lastFrame.withLock { $0 = .now }
            }
        }
        // NIOSSL waits 5 s for a `close_notify` that it does not see: a client that waits so long at its end is a slow one.
        let ending = try #require(lastFrame.withLock { $0 }).duration(to: .now)
        #expect(ending < .seconds(4))
    }

    @Test("A certificate of an unknown authority, and one for another name, are refused", arguments: [false, true])
    func refused(isTrusted: Bool) async throws {
        defer { try? FileManager.default.removeItem(atPath: authorities) }
        let client = isTrusted ? WebSocketClient(authoritiesFile: authorities) : WebSocketClient()
        do {
            try await RawServer.run(tls: context, { RawServer.upgrade($0, then: Self.frames) }) { request in
                var request = request
                if isTrusted { request.head.authority = request.head.authority?.replacing("localhost", with: "127.0.0.1") }
                let error = try await #require(throws: (any Error).self) { try await client.connect(request) { _ in } }
                #expect("\(error)".contains(isTrusted ? "failedToValidateHostname" : "CERTIFICATE_VERIFY_FAILED"), "\(error)")
            }
        } catch is NIOSSLError {
            // The server's side of a handshake that the client breaks off.
        }
    }
}
