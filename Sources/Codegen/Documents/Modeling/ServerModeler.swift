import CodegenModel

/// Makes the model's servers.
enum ServerModeler {
    static func servers(_ objects: [ServerObject]) -> [APIServer] {
        var functions = NameScope()
        var types = NameScope()
        return objects.map { object in
            let words = words(object)
            return APIServer(
                url: object.url, swiftName: functions.claim(Namer.member(words)), description: object.description,
                variables: variables(object, hint: words, &types)
            )
        }
    }

    /// The name of OpenAPI 3.2, else a short description, else a number.
    private static func words(_ object: ServerObject) -> String {
        if let name = object.name { return name }
        if let description = object.description, description.count <= 32, !description.contains(where: \.isNewline),
            description.contains(where: \.isLetter)
        {
            return description.hasSuffix(".") ? String(description.dropLast()) : description
        }
        return "server"
    }

    private static func variables(_ object: ServerObject, hint: String, _ types: inout NameScope) -> [APIServer.Variable] {
        var names = NameScope()
        return object.variables.map { variable in
            var cases = NameScope()
            return APIServer.Variable(
                name: variable.name, swiftName: names.claim(Namer.member(variable.name)),
                typeName: variable.values.isEmpty ? "" : types.claim(Namer.type("\(hint) \(variable.name)")),
                description: variable.description,
                defaultValue: variable.defaultValue, values: variable.values.map { ($0, cases.claim(Namer.member($0))) }
            )
        }
    }
}
