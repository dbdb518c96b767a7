import APISupport
import FoundationEssentials

/// The refresh tokens of the person at this machine, one for each auth service, in a file that only they may read.
struct CredentialStore: Sendable {
    private let folder: String

    /// `$XDG_CONFIG_HOME/codelab`, by default `~/.config/codelab`.
    init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        if let configuration = environment["XDG_CONFIG_HOME"], configuration.hasPrefix("/") {
            folder = configuration + "/codelab"
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            folder = home + "/.config/codelab"
        } else {
            throw ConfigurationError("HOME is not set; there is nowhere to keep the sign-in (use --token)")
        }
    }

    private var path: String { folder + "/credentials.json" }

    func refreshToken(for authURL: String) throws -> String? {
        try read()[authURL]?.objectValue?["refresh_token"]?.stringValue
    }

    /// Keeps a token; nil forgets it.
    func keep(refreshToken: String?, for authURL: String) throws {
        var entries = try read()
        guard refreshToken != nil || entries[authURL] != nil else { return }
        entries[authURL] = refreshToken.map { .object(["refresh_token": .string($0)]) }
        try PrivateFile.makeFolder(folder)
        try PrivateFile.write(String(decoding: JSONWriter.encode(entries), as: UTF8.self) + "\n", to: path)
    }

    private func read() throws -> JSONObject {
        guard let text = try PrivateFile.read(path) else { return [:] }
        do throws(RequestFailure) {
            return try JSONReader.decode(JSONObject.self, from: Array(text.utf8))
        } catch {
            throw ConfigurationError("\(path) is damaged; remove it and sign in again")
        }
    }
}
