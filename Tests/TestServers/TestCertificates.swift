import Foundation

/// An authority of a test's own and what it signs, in a temporary folder.
public struct TestCertificates: Sendable {
    /// A certificate and its key, in PEM.
    public struct Files: Sendable {
        public let certificate: String
        public let key: String
    }

    /// The authority's own certificate.
    public let authority: Files
    private let folder: URL

    /// Makes an authority.
    public init() async throws {
        folder = URL(fileURLWithPath: "/tmp/codelab-certificates-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        authority = Self.files("authority", in: folder)
        try await Self.openssl(
            ["req", "-x509", "-days", "2", "-subj", "/CN=A test's authority", "-keyout", authority.key, "-out", authority.certificate])
    }

    /// Makes a certificate of a server.
    ///
    /// - Parameter name: Its name in DNS.
    public func certificate(for name: String) async throws -> Files {
        let files = Self.files(name, in: folder)
        try await Self.openssl(
            [
                "req", "-x509", "-days", "2", "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)", "-addext",
                "basicConstraints=critical,CA:FALSE", "-CA", authority.certificate, "-CAkey", authority.key, "-keyout", files.key, "-out",
                files.certificate,
            ])
        return files
    }

    public func remove() throws { try FileManager.default.removeItem(at: folder) }

    private static func files(_ name: String, in folder: URL) -> Files {
        Files(certificate: folder.appending(path: "\(name).crt").path, key: folder.appending(path: "\(name).key").path)
    }

    private static func openssl(_ arguments: [String]) async throws {
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        try await Program.run("/usr/bin/openssl", [arguments[0]] + key + arguments.dropFirst())
    }
}
