import APISupport

/// Answers every operation with the same plausible values, so that a client can be developed before there is a server.
///
/// A mock is a handler like any other: it too cannot answer what the document does not declare, and it does not compile any more when the
/// document changes.
struct TodoMock: APIHandler {
    private let todo = Schemas.Todo(id: 1, title: "Water the plants", done: false, createdAt: Timestamp(secondsSinceEpoch: 1_700_000_000))

    func listTodos(
        _ input: Operations.ListTodos.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.ListTodos.Output { .ok([todo]) }

    func addTodo(
        _ input: Operations.AddTodo.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.AddTodo.Output {
        var todo = todo
        todo.title = input.body.title
        return .created(.init(location: "/todos/1", body: todo))
    }

    func finishTodo(
        _ input: Operations.FinishTodo.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.FinishTodo.Output {
        var todo = todo
        (todo.id, todo.done) = (input.id, true)
        return .ok(todo)
    }
}
