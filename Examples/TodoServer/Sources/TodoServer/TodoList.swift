import APISupport

/// The todos, and who wants to hear of their changes. Nothing outlives the process.
actor TodoList {
    private static let capacity = 1_000

    private var todos: [Schemas.Todo] = []
    private var changes: [Channels.Changes.FromServer] = []
    private var listeners: [AsyncStream<Channels.Changes.FromServer>.Continuation] = []

    func all(openOnly: Bool) -> [Schemas.Todo] { todos.filter { !openOnly || !$0.done } }

    /// The new todo; nil when the list is full.
    func add(title: String) -> Schemas.Todo? {
        guard todos.count < Self.capacity else { return nil }
        let todo = Schemas.Todo(id: Int64(todos.count + 1), title: title, done: false, createdAt: .now())
        todos.append(todo)
        tell(.added(.init(id: todo.id, title: title)))
        return todo
    }

    /// The todo, done now; nil when there is none of that number.
    func finish(_ id: Int64) -> Schemas.Todo? {
        guard id >= 1, id <= todos.count else { return nil }
        let index = Int(id) - 1
        if !todos[index].done {
            todos[index].done = true
            tell(.finished(.init(id: id)))
        }
        return todos[index]
    }

    /// All changes, those that were and those to come; ends with the task that listens.
    func listen() -> AsyncStream<Channels.Changes.FromServer> {
        // A todo is added once and finished once: there are never more changes than this.
        let (stream, continuation) = AsyncStream.makeStream(
            of: Channels.Changes.FromServer.self, bufferingPolicy: .bufferingOldest(2 * Self.capacity))
        for change in changes { continuation.yield(change) }
        listeners.append(continuation)
        return stream
    }

    private func tell(_ change: Channels.Changes.FromServer) {
        changes.append(change)
        listeners.removeAll { listener in
            if case .terminated = listener.yield(change) { true } else { false }
        }
    }
}
