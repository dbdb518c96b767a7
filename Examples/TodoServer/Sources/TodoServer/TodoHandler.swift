import APISupport

/// The operations and the channel over the list. What arrives here is already valid; what leaves cannot be anything undeclared.
struct TodoHandler: APIHandler, ChannelHandler {
    let list: TodoList

    func listTodos(
        _ input: Operations.ListTodos.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.ListTodos.Output {
        .ok(await list.all(openOnly: input.open))
    }

    func addTodo(
        _ input: Operations.AddTodo.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.AddTodo.Output {
        guard let todo = await list.add(title: input.body.title) else {
            throw RequestFailure(.unavailable, detail: "The list is full.")
        }
        context.logger.info("added", metadata: ["id": "\(todo.id)"])
        return .created(.init(location: "/todos/\(todo.id)", body: todo))
    }

    func finishTodo(
        _ input: Operations.FinishTodo.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.FinishTodo.Output {
        guard let todo = await list.finish(input.id) else {
            return .notFound(Problem(RequestFailure(.notFound, detail: "There is no todo \(input.id)."), requestID: context.requestID))
        }
        return .ok(todo)
    }

    func changes(
        _ connection: Channels.Changes.ServerConnection, parameters: Channels.Changes.Parameters, context: CallContext
    ) async throws {
        for try await message in connection.incoming {
            guard case .message(let watch) = message else {
                return await connection.close(.unsupportedData, reason: "not a watch message")
            }
            var told = 0
            for await change in await list.listen() {
                try await connection.send(change)
                told += 1
                if told == watch.most { break }
            }
        }
    }
}

/// Who may call: those that know the key.
struct APIKey: SecurityHandler {
    let expected: String

    func apiKey(_ key: String, scopes: [String], context: CallContext) async throws -> Principal {
        guard key == expected else { throw RequestFailure(.unauthenticated, detail: "The API key is not known.") }
        return Principal(subject: "key")
    }
}
