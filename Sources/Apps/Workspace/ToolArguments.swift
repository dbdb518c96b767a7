import APISupport

/// The arguments of one tool call, checked while they are taken out: wrong types, out-of-range numbers and names the tool does
/// not know are failures with a message that tells the model what the tool accepts.
struct ToolArguments {
    private let tool: String
    private let members: [String: JSONValue]

    /// - Parameter accepted: every argument name of the tool. A JSON `null` counts as absent.
    init(_ object: JSONObject, tool: String, accepted: [String]) throws(ToolFailure) {
        self.tool = tool
        var members: [String: JSONValue] = [:]
        for (name, value) in object.members {
            guard accepted.contains(name) else {
                throw ToolFailure(
                    .invalidArguments, "\(tool) has no argument '\(name.prefix(64))'; it accepts: \(accepted.joined(separator: ", "))")
            }
            if value != .null { members[name] = value }
        }
        self.members = members
    }

    func string(_ name: String) throws(ToolFailure) -> String? {
        switch members[name] {
        case nil: return nil
        case .string(let text): return text
        default: throw wrongType(name, "a string")
        }
    }

    func requiredString(_ name: String) throws(ToolFailure) -> String {
        guard let value = try string(name) else {
            throw ToolFailure(.invalidArguments, "\(tool) needs the argument '\(name)'")
        }
        return value
    }

    func flag(_ name: String, default fallback: Bool) throws(ToolFailure) -> Bool {
        switch members[name] {
        case nil: return fallback
        case .boolean(let flag): return flag
        default: throw wrongType(name, "true or false")
        }
    }

    /// A whole number; models also write `3.0`, which is taken as 3.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(ToolFailure) -> Int? {
        let number: Int?
        switch members[name] {
        case nil: return nil
        case .integer(let value): number = Int(exactly: value)
        case .number(let value): number = Int(exactly: value)
        default: throw wrongType(name, "a whole number")
        }
        guard let number, range.contains(number) else {
            throw ToolFailure(
                .invalidArguments, "'\(name)' of \(tool) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func choice(_ name: String, of choices: [String]) throws(ToolFailure) -> String? {
        guard let value = try string(name) else { return nil }
        guard choices.contains(value) else {
            throw ToolFailure(.invalidArguments, "'\(name)' of \(tool) must be one of: \(choices.joined(separator: ", "))")
        }
        return value
    }

    private func wrongType(_ name: String, _ expected: String) -> ToolFailure {
        ToolFailure(.invalidArguments, "'\(name)' of \(tool) must be \(expected)")
    }
}
