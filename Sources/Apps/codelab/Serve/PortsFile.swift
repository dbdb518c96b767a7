import APISupport

/// Tells scripts where the services listen: `{"auth": 8003, …}`, written when all of them do.
enum PortsFile {
    static func write(_ ports: [ServiceName: Int], to path: String) throws {
        var object = JSONObject()
        for service in ServiceName.allCases {
            if let port = ports[service] { object[service.rawValue] = .integer(Int64(port)) }
        }
        try PrivateFile.write(String(decoding: JSONWriter.encode(object), as: UTF8.self) + "\n", to: path)
    }
}
