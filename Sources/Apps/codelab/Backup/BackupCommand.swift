import ArgumentParser
import FoundationEssentials
import SQLiteInfrastructure

/// `codelab backup`: copies of SQLite files that are in use.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the SQLite files of services while they are used.",
        discussion: """
            Each backup is a folder named by its time, as in 2026-11-25T021700Z, and is there as a whole or not at all. It holds accounts, keys and
            conversations: it is as secret as the files. `codelab restore` brings it back. PostgreSQL has pg_dump.

            Exit status: 0 done, 1 a file cannot be copied, 2 a setting makes no sense.

            Examples:
              codelab backup all --to /var/backups/codelab
              codelab backup auth --to /var/backups/codelab --keep-days 14
            """
    )

    @OptionGroup var files: SQLiteFileOptions
    @Option(help: "The folder of the backups.") var to: String
    @Option(help: "Remove backups that are older than so many days; never the newest.") var keepDays: Int?

    func validate() throws {
        guard (1...36_500).contains(keepDays ?? 1) else { throw ValidationError("--keep-days is from 1 to 36500.") }
    }

    func run() async throws {
        try await Terminal.run(file: files.config) { sources, terminal in
            let files = try files.files(sources)
            if let missing = files.first(where: { !FileManager.default.fileExists(atPath: $0.path) }) {
                throw ConfigurationError("\(missing.service.rawValue) has no file \(missing.path)")
            }
            let folder = BackupFolder(path: to)
            let now = Date()
            let name = try folder.add(at: now) { place in
                for (service, path) in files {
                    let database = try SQLiteDatabase(path: path)
                    try database.copy(to: "\(place)/\(service.rawValue).sqlite")
                    try database.close()
                }
            }
            terminal.say("\(to)/\(name)\n")
            guard let keepDays else { return }
            for name in try folder.removeBackups(before: now.addingTimeInterval(TimeInterval(-keepDays) * 86_400)) {
                terminal.note("removed \(to)/\(name)")
            }
        }
    }
}
