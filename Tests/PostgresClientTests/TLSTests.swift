import Glibc
import PostgresClient
import TestServers
import Testing

/// Every `sslmode` against a server with a certificate for `localhost`, reached by that name or by its address.
@Suite("PostgreSQL: TLS", .serialized)
struct TLSTests {
    private struct Place {
        let server: PostgresServer
        let certificates: TestCertificates

        func configuration(_ host: String, _ query: String) -> PostgresConfiguration {
            PostgresConfiguration(server.url.replacing("127.0.0.1", with: host) + "?" + query)
        }

        /// Whether the connection is encrypted.
        func isEncrypted(_ configuration: PostgresConfiguration) async throws -> Bool {
            try await PostgresPool.withPool(configuration, limits: PostgresPoolLimits(acquireTimeout: .seconds(60))) { pool in
                try await pool.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")[0].decode(Bool.self)
            }
        }
    }

    private func withServer(_ body: (Place) async throws -> Void) async throws {
        let certificates = try await TestCertificates()
        do {
            let server = try await PostgresServer(certificate: try await certificates.certificate(for: "localhost"))
            do {
                try await body(Place(server: server, certificates: certificates))
            } catch {
                try await server.stop()
                throw error
            }
            try await server.stop()
        } catch {
            try certificates.remove()
            throw error
        }
        try certificates.remove()
    }

    @Test("The modes, as libpq has them")
    func modes() async throws {
        try await withServer { place in
            let root = "sslrootcert=\(place.certificates.authority.certificate)"
            let disabled = try await place.isEncrypted(place.configuration("localhost", "sslmode=disable"))
            #expect(!disabled)
            for (host, query) in [
                ("127.0.0.1", "sslmode=prefer"), ("127.0.0.1", "sslmode=require"), ("127.0.0.1", "sslmode=verify-ca&\(root)"),
                ("localhost", "sslmode=verify-full&\(root)"),
            ] {
                let isEncrypted = try await place.isEncrypted(place.configuration(host, query))
                #expect(isEncrypted, "\(query)")
            }
        }
    }

    @Test("Another name, another authority, or none at all: refused at once, by what it is")
    func refusals() async throws {
        try await withServer { place in
            let root = "sslrootcert=\(place.certificates.authority.certificate)"
            let strangers = try await TestCertificates()
            let strange = "sslrootcert=\(strangers.authority.certificate)"
            for (host, query, reason) in [
                ("127.0.0.1", "sslmode=verify-full&\(root)", "does not match host name"),
                ("localhost", "sslmode=verify-full&\(strange)", "certificate verify failed"),
                ("localhost", "sslmode=verify-ca&\(strange)", "certificate verify failed"),
                // With an authority given, `require` checks it, as before libpq had the other modes.
                ("localhost", "sslmode=require&\(strange)", "certificate verify failed"),
                ("localhost", "sslmode=verify-full&sslrootcert=/nowhere/root.crt", "root certificate file"),
            ] {
                let start = ContinuousClock.now
                let error = try await failure { try await place.isEncrypted(place.configuration(host, query)) }
                #expect(error.code == .untrustedServer && error.isRefusal && error.message.contains(reason), "\(query): \(error)")
                #expect(ContinuousClock.now - start < .seconds(20))
            }
            try strangers.remove()
        }
    }

    @Test("A server without TLS is not spoken to when TLS is demanded")
    func demanded() async throws {
        let server = try await PostgresServer()
        do {
            for mode in ["require", "verify-ca", "verify-full"] {
                let configuration = PostgresConfiguration("\(server.url)?sslmode=\(mode)&sslrootcert=/etc/ssl/certs/ca-certificates.crt")
                let error = try await failure { try await PostgresPool.withPool(configuration) { try await $0.query("SELECT 1") } }
                #expect(error.code == .untrustedServer && error.message.contains("server does not support SSL"), "\(error)")
            }
        } catch {
            try await server.stop()
            throw error
        }
        try await server.stop()
    }

    @Test("What the URL leaves open comes from libpq's environment variables")
    func environment() async throws {
        try await withServer { place in
            // Others' connections, which say where they go, are not affected by these.
            let variables = [
                "PGHOST": "localhost", "PGPORT": String(place.server.port), "PGUSER": "codelab", "PGPASSWORD": PostgresServer.password,
                "PGDATABASE": "codelab", "PGSSLROOTCERT": place.certificates.authority.certificate,
            ]
            for (name, value) in variables { setenv(name, value, 1) }
            defer { for name in variables.keys { unsetenv(name) } }
            // Without an authority these two could not be.
            #expect(try await place.isEncrypted(PostgresConfiguration("postgres://?sslmode=verify-full")))
            #expect(try await place.isEncrypted(PostgresConfiguration("sslmode=verify-full application_name=other")))
            #expect(try await place.isEncrypted(PostgresConfiguration("")))
            let error = try await failure { try await place.isEncrypted(PostgresConfiguration("postgres://codelab:wrong@/codelab")) }
            #expect(error.code == .connectionFailed && error.sqlState == .invalidPassword, "\(error)")
        }
    }

    @Test("Forms of the URL: several hosts, an address beside a name, settings of a session")
    func forms() async throws {
        try await withServer { place in
            let root = place.certificates.authority.certificate
            let dead = try FreePort.next()
            let credentials = "codelab:p%40ss%20word"
            for url in [
                "postgresql://\(credentials)@127.0.0.1:\(dead),localhost:\(place.server.port)/codelab?target_session_attrs=read-write",
                "postgres://\(credentials)@/codelab?host=localhost&port=\(place.server.port)",
                "postgres://\(credentials)@localhost:\(place.server.port)/codelab?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert=\(root)",
                "host=localhost port=\(place.server.port) user=codelab password='p@ss word' dbname=codelab",
            ] {
                let isEncrypted = try await place.isEncrypted(PostgresConfiguration(url))
                #expect(isEncrypted, "\(url)")
            }
            let url = place.server.url + "?application_name=from-url&options=-c%20work_mem%3D7MB"
            let values = try await PostgresPool.withPool(PostgresConfiguration(url, statementTimeout: .seconds(9))) { pool in
                try await pool.query(
                    "SELECT current_setting('application_name'), current_setting('work_mem'), current_setting('statement_timeout')")[0]
                    .decode(String.self, String.self, String.self)
            }
            #expect(values == ("from-url", "7MB", "9s"))
        }
    }
}
