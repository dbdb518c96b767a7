import APISupport

/// Reads a todo with the generated code and writes it again.
@main
struct Todos {
    static func main() throws {
        let text = #"{"id":1,"title":"Look at the generated code","done":false,"created_at":"2026-11-24T12:00:00Z"}"#
        var todo = try JSONReader.decode(Schemas.Todo.self, from: Array(text.utf8))
        todo.done = true
        print(String(decoding: JSONWriter.encode(todo), as: UTF8.self))
    }
}
