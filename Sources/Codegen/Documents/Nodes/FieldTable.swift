/// The fixed fields of one kind of object in a specification, and what this front end does with each.
struct FieldTable: Sendable {
    /// The object's name in its specification, such as `Operation Object`.
    let object: String
    /// Fields that are read.
    let read: Set<String>
    /// Fields that say nothing about generated code: documentation, examples.
    let ignored: Set<String>
    /// Fields that would change what is generated, with what to do instead.
    let unsupported: [String: String]

    init(_ object: String, read: Set<String>, ignored: Set<String> = [], unsupported: [String: String] = [:]) {
        self.object = object
        self.read = read
        self.ignored = ignored
        self.unsupported = unsupported
    }
}
