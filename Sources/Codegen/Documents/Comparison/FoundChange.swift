import CodegenModel

/// A ``Change`` whose places are yet to be looked up.
struct FoundChange: Hashable {
    let kind: ChangeKind
    let message: String
    let old: ChangePlace?
    let new: ChangePlace?
    let clients: Change.Impact
    let servers: Change.Impact
}

extension FoundChange {
    /// The same changes with positions.
    static func located(_ found: [FoundChange], texts: (old: [String: String], new: [String: String])) -> [Change] {
        if found.isEmpty { return [] }
        let old = ChangePlaces(texts: texts.old, places: found.compactMap(\.old))
        let new = ChangePlaces(texts: texts.new, places: found.compactMap(\.new))
        return found.map { change in
            Change(
                kind: change.kind, message: change.message, old: change.old.map(old.position), new: change.new.map(new.position),
                clients: change.clients, servers: change.servers
            )
        }
    }
}
