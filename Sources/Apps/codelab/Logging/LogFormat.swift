import APISupport
import ArgumentParser
import Logging

/// How log lines look: for people or for programs.
enum LogFormat: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
}

extension LogFormat {
    /// One line, with its line end. Control characters of what is logged never reach the terminal or break the line.
    func line(_ event: LogLine) -> String {
        switch self {
        case .text: event.text
        case .json: event.json
        }
    }
}

/// What one log line says.
struct LogLine {
    var time: Timestamp
    var level: Logger.Level
    var label: String
    var message: String
    /// Sorted by name.
    var metadata: [(name: String, value: String)]

    fileprivate var text: String {
        var line = "\(time.parameterText) \(level.rawValue.uppercased()) \(label): \(Self.printable(message))"
        for (name, value) in metadata {
            let value = Self.printable(value)
            line += value.contains(" ") || value.isEmpty ? " \(name)=\"\(value)\"" : " \(name)=\(value)"
        }
        return line + "\n"
    }

    fileprivate var json: String {
        var object: JSONObject = [
            "timestamp": .string(time.parameterText), "level": .string(level.rawValue), "logger": .string(label),
            "message": .string(message),
        ]
        for (name, value) in metadata where object[name] == nil { object[name] = .string(value) }
        return String(decoding: JSONWriter.encode(object), as: UTF8.self) + "\n"
    }

    private static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            if scalar.properties.generalCategory == .control {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }
}
