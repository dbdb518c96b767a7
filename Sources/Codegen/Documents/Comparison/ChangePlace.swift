import CodegenModel

/// Where in a document something is: the nearest thing whose position the model keeps, and the way on from there.
///
/// The model has few positions, since code is made of it far more often than it is compared. ``ChangePlaces`` walks the way when there is a
/// change to tell of.
struct ChangePlace: Hashable {
    enum Anchor: Hashable {
        /// The position of a key: an operation or a channel.
        case key(SourcePosition)
        /// The position of a value: the schema of a type.
        case value(SourcePosition)
        /// The file that holds a position.
        case file(of: SourcePosition)

        var position: SourcePosition {
            switch self {
            case .key(let position), .value(let position), .file(let position): position
            }
        }
    }

    enum Step: Hashable {
        case field(String)
        /// The parameter of an operation, of its path item, of a channel's address or of its binding.
        case parameter(String)
        /// An entry of `content`, by its media type without parameters.
        case content(String)
        /// The `security` of an operation, else the document's.
        case security
        /// `schema`, `itemSchema`, or the schema of the only `content`.
        case schema
        /// What a schema says itself or in a part of its `allOf`.
        case keyword(String)
        case property(String)
        /// A value of `enum`.
        case value(String)
        /// The alternative of `oneOf` or `anyOf` that a type was made of.
        case alternative(String)
    }

    let anchor: Anchor
    var steps: [Step] = []

    /// What is reached from here.
    func at(_ steps: Step...) -> ChangePlace { ChangePlace(anchor: anchor, steps: self.steps + steps) }
}
