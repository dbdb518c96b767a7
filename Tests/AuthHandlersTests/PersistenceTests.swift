import AuthAPI
import AuthHandlers
import FoundationEssentials
import CoreFoundation
import Glibc
import Migrations
import SQLiteInfrastructure
import Testing

@Suite("Auth on a SQLite file")
struct PersistenceTests {
    @Test("sessions, accounts and keys outlive a restart")
    func restart() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/data/auth.sqlite"
            let clock = TestClock()
            var database = try SQLiteDatabase(path: path)
            try await SQLiteMigrator(database).apply(.sqliteAuth)
            var auth = try await AuthFixture(repositories: .sqlite(database), clock: clock)
            let tokens = try await auth.tokens()
            let refreshToken = try #require(tokens.refreshToken)
            let keys = try await auth.client.getJWKS(.init()).ok.body
            let pendingCode = try #require(try await auth.signIn()["code"])
            try database.close()

            database = try SQLiteDatabase(path: path)
            auth = try await AuthFixture(repositories: .sqlite(database), clock: clock)
            #expect(try await auth.client.getJWKS(.init()).ok.body == keys)
            _ = try await auth.client(bearer: tokens.accessToken).getCurrentUser(.init()).ok
            #expect(try await auth.refresh(refreshToken).error == nil)
            #expect(try await auth.refresh(refreshToken).error == "invalid_grant", "what was used before the restart stays used")
            #expect(try await auth.exchange(code: pendingCode).error == nil)
            try database.close()
        }
    }

    @Test("two services that start at once on one file use one key and one administrator")
    func simultaneousStart() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/auth.sqlite"
            let databases = [try SQLiteDatabase(path: path), try SQLiteDatabase(path: path)]
            let keys = try await withThrowingTaskGroup(of: [String].self) { group in
                for database in databases {
                    group.addTask {
                        try await SQLiteMigrator(database).apply(.sqliteAuth)
                        return try await AuthFixture(repositories: .sqlite(database)).client.getJWKS(.init()).ok.body.keys.map(\.kid)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(keys.count == 2)
            #expect(keys[0] == keys[1])
            #expect(keys[0].count == 1)
            for database in databases { try database.close() }
        }
    }

    @Test("the file and its companions are the owner's only")
    func fileMode() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/auth.sqlite"
            let database = try SQLiteDatabase(path: path)
            try await SQLiteMigrator(database).apply(.sqliteAuth)
            for suffix in ["", "-wal", "-shm"] {
                var status = stat()
                #expect(stat(path + suffix, &status) == 0, "\(suffix)")
                #expect(status.st_mode & 0o777 == 0o600, "\(suffix)")
            }
            try database.close()
        }
    }

    @Test("opening a file once more takes no locks away from who has it open")
    func locksStay() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/auth.sqlite"
            let database = try SQLiteDatabase(path: path)
            try await SQLiteMigrator(database).apply(.sqliteAuth)
            try SQLiteDatabase(path: path).close()
            let descriptor = open(path, O_RDWR | O_CLOEXEC)
            // The bytes that readers lock (sqlite.org/lockingv3.html), asked for as another owner would.
            var lock = flock(l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: 0x4000_0002, l_len: 510, l_pid: 0)
            // F_OFD_GETLK (fcntl(2)).
            #expect(fcntl(descriptor, 36, &lock) == 0)
            #expect(lock.l_type == Int16(F_RDLCK), "another process could take the file for its own")
            close(descriptor)
            try database.close()
        }
    }

    @Test("a file that is no database is refused with a message")
    func unusableFile() async throws {
        try await withTemporaryFolder { folder in
            let garbage = folder + "/garbage"
            try Data(repeating: 0x41, count: 4096).write(to: URL(filePath: garbage))
            #expect(throws: SQLiteFailure.self) { _ = try SQLiteDatabase(path: garbage) }
        }
    }
}
