import FoundationEssentials

/// Where settings come from, in order of precedence: flag, environment, file, default.
struct ConfigurationSources: Sendable {
    let environment: [String: String]
    let file: ConfigurationFile

    /// - Parameter filePath: from the flag `--config`; without it from `CODELAB_CONFIG`.
    init(filePath: String?, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        self.environment = environment
        let path = filePath ?? environment[Setting.configurationFile.variable].flatMap { $0.isEmpty ? nil : $0 }
        file = try path.map { try ConfigurationFile(path: $0) } ?? ConfigurationFile()
    }

    init(environment: [String: String], file: ConfigurationFile) {
        self.environment = environment
        self.file = file
    }

    /// The value of a setting; an empty variable counts as absent.
    func text(_ setting: Setting, flag: String? = nil) -> String? {
        if let flag { return flag }
        if let value = environment[setting.variable], !value.isEmpty { return value }
        return setting.key.flatMap { file[$0] }
    }

    func port(_ setting: Setting, flag: Int? = nil) throws -> Int? {
        if let flag { return flag }
        guard let text = text(setting) else { return nil }
        guard let port = Int(text), (0...65535).contains(port) else {
            throw ConfigurationError("\(setting.variable) must be a port from 0 to 65535, not '\(text.prefix(20))'")
        }
        return port
    }

    /// A whole number within bounds.
    func number(_ setting: Setting, in range: ClosedRange<Int>, default standard: Int) throws -> Int {
        guard let text = text(setting) else { return standard }
        guard let number = Int(text), range.contains(number) else {
            throw ConfigurationError(
                "\(setting.variable) must be a whole number from \(range.lowerBound) to \(range.upperBound), not '\(text.prefix(20))'")
        }
        return number
    }

    /// - Parameters:
    ///   - flag: nil when the command line says nothing.
    ///   - standard: What holds where nothing is said.
    func flag(_ setting: Setting, flag: Bool? = nil, default standard: Bool = false) throws -> Bool {
        if let flag { return flag }
        switch text(setting)?.lowercased() {
        case nil: return standard
        case "false", "no", "0", "off": return false
        case "true", "yes", "1", "on": return true
        case let other?: throw ConfigurationError("\(setting.variable) must be true or false, not '\(other.prefix(20))'")
        }
    }

    /// A secret: from its variable, or from the file that the variable with `_FILE` at its end names.
    func secret(_ setting: Setting, flag: String? = nil) throws -> String? {
        if let flag { return flag }
        if let value = environment[setting.variable], !value.isEmpty { return value }
        guard let path = environment[setting.variable + "_FILE"], !path.isEmpty else { return nil }
        guard let data = FileManager.default.contents(atPath: path), data.count <= 65536 else {
            throw ConfigurationError("the file that \(setting.variable)_FILE names cannot be read")
        }
        let text = String(decoding: data, as: UTF8.self)
        let end = text.lastIndex { !$0.isWhitespace }.map { text.index(after: $0) } ?? text.startIndex
        guard end > text.startIndex else { throw ConfigurationError("the file that \(setting.variable)_FILE names is empty") }
        return String(text[..<end])
    }
}
