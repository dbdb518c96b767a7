import Migrations
import Testing

@Suite("Migrations: what is to be applied")
struct MigrationSequenceTests {
    private let steps = (1...3).map { Migration(number: $0, name: "step \($0)", sql: "SELECT \($0)") }

    private func applied(_ migration: Migration, as number: Int? = nil, checksum: String? = nil) -> AppliedMigration {
        AppliedMigration(number: number ?? migration.number, name: migration.name, checksum: checksum ?? migration.checksum)
    }

    private func failure(_ steps: [Migration], after applied: [AppliedMigration]) throws -> MigrationFailure.Code {
        do throws(MigrationFailure) {
            _ = try MigrationSequence(service: "s", steps).pending(after: applied)
        } catch {
            return error.code
        }
        throw NoFailure()
    }

    private struct NoFailure: Error {}

    @Test("The rest, in order, whatever the order they were given in")
    func pending() throws {
        let sequence = MigrationSequence(service: "s", steps.reversed())
        #expect(try sequence.pending(after: []).map(\.number) == [1, 2, 3])
        #expect(try sequence.pending(after: [applied(steps[1]), applied(steps[0])]).map(\.number) == [3])
        #expect(try sequence.pending(after: steps.map { applied($0) }).isEmpty)
    }

    @Test("A changed, missing or unknown step is refused")
    func refusals() throws {
        #expect(try failure(steps, after: [applied(steps[0], checksum: "0")]) == .changed)
        #expect(try failure(steps, after: [applied(steps[1])]) == .gap)
        #expect(try failure(Array(steps.prefix(1)), after: [applied(steps[0]), applied(steps[1])]) == .newer)
        #expect(try failure([steps[0], steps[2]], after: []) == .gap)
    }

    @Test("A checksum is SHA-256")
    func checksum() {
        #expect(
            Migration(number: 1, name: "", sql: "abc").checksum == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
