import ArgumentParser
import FoundationEssentials
import SQLiteInfrastructure

/// `codelab restore`: SQLite files as they were.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a backup in place of the SQLite files of services.",
        discussion: """
            The services have to be stopped: a file that is in use is refused. Each file is restored in one transaction: it is as in the backup, or as it
            was. Keys that were revoked since come back: codelab admin keys rotate --now.

            Exit status: 0 done, 1 a file cannot be restored, 2 a setting makes no sense.

            Examples:
              codelab restore all --from /var/backups/codelab
              codelab restore auth --from /var/backups/codelab --backup 2026-11-25T021700Z
            """
    )

    @OptionGroup var files: SQLiteFileOptions
    @Option(help: "The folder of the backups.") var from: String
    @Option(help: "The backup's name, or latest.") var backup = "latest"

    func run() async throws {
        try await Terminal.run(file: files.config) { sources, terminal in
            let backup = try BackupFolder(path: from).backup(backup)
            let files = try files.files(sources).map { ($0.service, copy: "\(backup)/\($0.service.rawValue).sqlite", $0.path) }
            if let missing = files.first(where: { !FileManager.default.fileExists(atPath: $0.copy) }) {
                throw ConfigurationError("there is no \(missing.copy)")
            }
            for (service, copy, path) in files {
                try SQLiteDatabase.restore(path, from: copy)
                terminal.say("\(service.rawValue): restored from \(copy)\n")
            }
        }
    }
}
