public import CodegenModel

/// Which operations of the documents are generated: `filter` in codegen.yaml.
///
/// An operation is in when one of the lists names it, or all of them are empty, and none of ``exclude``'s does. With a filter only the
/// schemas that are reached from what is left are declared.
public struct OperationFilter: Sendable, Equatable {
    /// Lists of which any may name an operation.
    public struct Selection: Sendable, Equatable {
        /// `operationId`s; an operation without one is named by method and path, such as `get /pets`. AsyncAPI's go by their keys.
        public var operations: [String]
        /// Of AsyncAPI's operations also the tags of their channels.
        public var tags: [String]
        /// Path templates; `*` stands for any characters. AsyncAPI's channels go by their addresses and by their keys.
        public var paths: [String]

        public init(operations: [String] = [], tags: [String] = [], paths: [String] = []) {
            self.operations = operations
            self.tags = tags
            self.paths = paths
        }

        public var isEmpty: Bool { operations.isEmpty && tags.isEmpty && paths.isEmpty }
    }

    public var include: Selection
    public var exclude: Selection
    /// Where the configuration has it; nil when it was given otherwise.
    public var position: SourcePosition?

    public init(include: Selection = Selection(), exclude: Selection = Selection(), position: SourcePosition? = nil) {
        self.include = include
        self.exclude = exclude
        self.position = position
    }

    public var isEmpty: Bool { include.isEmpty && exclude.isEmpty }
}

extension OperationFilter {
    /// What a filter looks at, found before the operation is read: what it leaves out is not even checked.
    struct Subject {
        /// The `operationId`, else method and path; the key of one of AsyncAPI's.
        let name: String
        let tags: [String]
        /// The path; a channel's address and key.
        let paths: [String]
        /// The file that holds it.
        let file: String

        init(node: DocumentNode, method: String, path: String) {
            name = node["operationId"]?.string ?? "\(method.lowercased()) \(path)"
            tags = node["tags"]?.elements.compactMap(\.string) ?? []
            paths = [path]
            file = node.position.file
        }

        /// An operation of AsyncAPI 3, whose tags are objects; those of its traits and of its channel are its own too.
        init(_ member: DocumentNode.Member, references: ReferenceResolver) {
            name = member.key
            file = member.value.position.file
            let operation = references.resolve(member.value)?.node
            let channel = operation?["channel"].flatMap { references.resolve($0) }
            let traits = operation?["traits"]?.elements.compactMap { references.resolve($0)?.node } ?? []
            let owners = [operation, channel?.node] + traits
            tags = owners.flatMap { $0?["tags"]?.elements ?? [] }.compactMap { references.resolve($0)?.node["name"]?.string }
            paths = [channel?.node["address"]?.string, channel?.pointer.tokens.last].compactMap { $0 }
        }
    }

    func selects(_ subject: Subject) -> Bool {
        (include.isEmpty || include.names(subject)) && !exclude.names(subject)
    }
}

extension OperationFilter.Selection {
    fileprivate func names(_ subject: OperationFilter.Subject) -> Bool {
        operations.contains(subject.name) || tags.contains(where: subject.tags.contains)
            || paths.contains { pattern in subject.paths.contains { Self.matches($0, pattern) } }
    }

    /// `*` stands for any characters. Goes back to the last `*` only: at worst the product of both lengths.
    static func matches(_ path: String, _ pattern: String) -> Bool {
        let path = Array(path.utf8)
        let pattern = Array(pattern.utf8)
        var (position, place) = (0, 0)
        var retry: (position: Int, place: Int)?
        while position < path.count {
            if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                retry = (position, place)
                place += 1
            } else if place < pattern.count, pattern[place] == path[position] {
                position += 1
                place += 1
            } else if let last = retry {
                retry = (last.position + 1, last.place)
                (position, place) = (last.position + 1, last.place + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
