import FoundationEssentials
public import LLMProxyHandlers

extension ScenarioBook {
    /// Reads a scenario file of the format that ``ScenarioBook`` describes.
    ///
    /// Throws ``ScenarioError`` for what is in it, ``UnreadableScenarioFile`` when it cannot be read.
    public init(path: String) throws {
        let yaml: String
        do {
            yaml = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw UnreadableScenarioFile(path: path, reason: "\(error)")
        }
        try self.init(yaml: yaml, file: path)
    }

    /// Reads the text of a scenario file.
    ///
    /// `file` is the name for messages. Throws ``ScenarioError`` with the place of the first thing that is wrong.
    public init(yaml: String, file: String) throws(ScenarioError) {
        try self.init(try ScenarioNode(yaml: yaml, file: file))
    }
}

/// There is no text at the path of a scenario file.
public struct UnreadableScenarioFile: Error, Sendable, CustomStringConvertible {
    public let path: String
    /// What the system says.
    public let reason: String

    public var description: String { "The scenario file \(path) cannot be read: \(reason)" }
}
