/// The files generated for every API, in the order in which they are emitted: always all of them, so that a build
/// plugin can declare its outputs before any document is read. This file depends on nothing, so that the plugin,
/// which cannot import a library, may compile it too through a linked folder.
public enum GeneratedFileNames {
    public static let types = "Types.swift"
    public static let reading = "Types+Reading.swift"
    public static let writing = "Types+Writing.swift"
    public static let operations = "Operations.swift"
    public static let handler = "Handler.swift"
    public static let server = "Server.swift"
    public static let client = "Client.swift"
    public static let channels = "Channels.swift"
    public static let assertions = "Assertions.swift"

    public static let all = [types, reading, writing, operations, handler, server, client, channels, assertions]
}
