import FoundationEssentials
import Yams

/// The optional YAML file: settings by key, nested or not. Unknown keys are errors, since a misspelt setting that nothing reads is worse.
struct ConfigurationFile: Sendable {
    static let maximumSize = 1 << 20

    private let path: String
    private let values: [String: String]

    /// No file.
    init() {
        path = ""
        values = [:]
    }

    init(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError("the configuration file \(path) cannot be read")
        }
        guard data.count <= Self.maximumSize else { throw ConfigurationError("the configuration file \(path) is larger than 1 MiB") }
        try self.init(text: String(decoding: data, as: UTF8.self), path: path)
    }

    init(text: String, path: String) throws {
        self.path = path
        var values: [String: String] = [:]
        do {
            if let root = try Yams.compose(yaml: text) { try Self.collect(root, prefix: "", path: path, into: &values) }
        } catch let error as YamlError {
            throw ConfigurationError("\(path): \(error)")
        }
        let known = Set(Setting.all.compactMap(\.key))
        for key in values.keys.sorted() where !known.contains(key) {
            throw ConfigurationError("\(path): there is no setting '\(key)'; there are: \(known.sorted().joined(separator: ", "))")
        }
        self.values = values
    }

    subscript(key: String) -> String? { values[key] }

    /// What a path in the file is relative to.
    var folder: String { path.contains("/") ? String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) : "." }

    private static func collect(_ node: Node, prefix: String, path: String, into values: inout [String: String]) throws {
        switch node {
        case .mapping(let mapping):
            for (key, value) in mapping {
                guard let name = key.string else { throw ConfigurationError("\(path): a key is not a string") }
                try collect(value, prefix: prefix.isEmpty ? name : prefix + "." + name, path: path, into: &values)
            }
        case .scalar(let scalar) where !prefix.isEmpty:
            if node.null == nil || !scalar.string.isEmpty && scalar.string != "~" && scalar.string != "null" {
                values[prefix] = scalar.string
            }
        default:
            throw ConfigurationError("\(path): '\(prefix)' must be a single value")
        }
    }
}
