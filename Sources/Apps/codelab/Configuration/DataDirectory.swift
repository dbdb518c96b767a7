import Crypto
import FoundationEssentials
import Glibc

/// The folder where the embedded default keeps its databases and the secret its services share. It is made when something is to be kept.
struct DataDirectory: Sendable {
    let path: String

    /// `$XDG_DATA_HOME/codelab`, by default `~/.local/share/codelab` (XDG Base Directory Specification).
    static func standardPath(environment: [String: String]) throws -> String {
        if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") { return data + "/codelab" }
        guard let home = environment["HOME"], home.hasPrefix("/") else {
            throw ConfigurationError("HOME is not set; name a folder with --data-dir or \(Setting.dataDirectory.variable)")
        }
        return home + "/.local/share/codelab"
    }

    /// Makes the folder, unless it is there.
    func make() throws { try PrivateFile.makeFolder(path) }

    /// The SQLite file of a service.
    func database(of service: ServiceName) -> String { "\(path)/\(service.rawValue).sqlite" }

    /// The secret with which the services of `serve all` authenticate to each other: made up on the first start, then kept.
    func internalSecret() throws -> String {
        try make()
        let file = path + "/internal-secret"
        if let secret = try PrivateFile.read(file)?.filter({ !$0.isWhitespace }), secret.utf8.count >= 16 { return secret }
        let secret = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0).base64EncodedString() }
        try PrivateFile.write(secret + "\n", to: file)
        return secret
    }
}
