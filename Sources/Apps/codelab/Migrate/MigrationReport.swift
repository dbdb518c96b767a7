import APISupport
import Migrations

/// What `codelab migrate` found, and what it did.
struct MigrationReport: Sendable {
    /// One service's tables.
    struct Entry: Sendable {
        let service: String
        let place: String
        let status: Result<MigrationStatus, any Error>
        /// The steps that were applied just now.
        let appliedNow: [Migration]

        init(_ tables: ServiceTables, status: Result<MigrationStatus, any Error>, appliedNow: [Migration] = []) {
            service = tables.service.rawValue
            place = tables.place
            self.status = status
            self.appliedNow = appliedNow
        }
    }

    var entries: [Entry] = []

    var isUpToDate: Bool { entries.allSatisfy { (try? $0.status.get())?.pending.isEmpty == true } }

    /// Why a database could not be asked, or was refused.
    var failures: [String] {
        entries.compactMap { entry in
            guard case .failure(let error) = entry.status else { return nil }
            return "\(entry.service) (\(entry.place)): \(error)"
        }
    }

    /// A line a step.
    var table: String {
        var rows = [["SERVICE", "STEP", "NAME", "STATE", "DATABASE"]]
        for entry in entries {
            guard let status = try? entry.status.get() else {
                rows.append([entry.service, "-", "-", "failed", entry.place])
                continue
            }
            let now = Set(entry.appliedNow.map(\.number))
            for step in status.applied {
                let state = now.contains(step.number) ? "applied now" : "applied"
                rows.append([entry.service, String(step.number), step.name, state, entry.place])
            }
            for step in status.pending { rows.append([entry.service, String(step.number), step.name, "pending", entry.place]) }
        }
        return TextTable.text(rows)
    }

    /// `{"up_to_date": …, "services": [{"service", "database", "applied", "applied_now", "pending"} or with "error"]}`.
    var json: JSONObject {
        var object = JSONObject()
        object["up_to_date"] = .boolean(isUpToDate)
        object["services"] = .array(entries.map { .object($0.json) })
        return object
    }
}

extension MigrationReport.Entry {
    fileprivate var json: JSONObject {
        var object = JSONObject()
        object["service"] = .string(service)
        object["database"] = .string(place)
        switch status {
        case .success(let status):
            object["applied"] = .array(status.applied.map { Self.step($0.number, $0.name) })
            object["applied_now"] = .array(appliedNow.map { Self.step($0.number, $0.name) })
            object["pending"] = .array(status.pending.map { Self.step($0.number, $0.name) })
        case .failure(let error):
            object["error"] = .string("\(error)")
        }
        return object
    }

    private static func step(_ number: Int, _ name: String) -> JSONValue {
        var object = JSONObject()
        object["number"] = .integer(Int64(number))
        object["name"] = .string(name)
        return .object(object)
    }
}
