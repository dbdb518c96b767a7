import APISupport
import CodableOrders
import Foundation
import OrdersAPI

/// A body of 2 KB decoded, validated and encoded again, by generated code and by Foundation's coders in turns.
///
///     json-benchmark order.json [ROUNDS]
///
/// Prints a line of JSON: the median CPU time of each in microseconds. With `generated` behind the rounds, that one is run alone, for a profiler.
@main
enum JSONBenchmark {
    private static let iterations = 2_000

    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 1, let body = FileManager.default.contents(atPath: arguments[1]) else {
            print("usage: json-benchmark order.json [ROUNDS]")
            exit(64)
        }
        let rounds = arguments.count > 2 ? Int(arguments[2]) ?? 15 : 15
        let bytes = [UInt8](body)
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601

        // All three must give back what they got.
        let order = try decoder.decode(CodableOrder.self, from: body)
        let again = JSONWriter.encode(try JSONReader.decode(Schemas.Order.self, from: bytes))
        let generated = try decoder.decode(CodableOrder.self, from: Data(again))
        let handwritten = try decoder.decode(CodableOrder.self, from: try encoder.encode(order))
        precondition(generated == order && handwritten == order)

        var times: [[Double]] = [[], [], []]
        let isAlone = arguments.count > 3 && arguments[3] == "generated"
        for _ in 0..<rounds {
            times[0].append(
                try measure {
                    JSONWriter.encode(try JSONReader.decode(Schemas.Order.self, from: bytes)).count
                })
            if isAlone { continue }
            times[1].append(try measure { try encoder.encode(try decoder.decode(CodableOrder.self, from: body)).count })
            times[2].append(try measure { try encoder.encode(try decoder.decode(TextOrder.self, from: body)).count })
        }
        let medians = times.map { $0.isEmpty ? 0 : $0.sorted()[$0.count / 2] }
        func text(_ value: Double) -> String { String(format: "%.2f", value) }
        let figures = [
            "\"bytes\": \(bytes.count)", "\"generated\": \(text(medians[0]))", "\"codable\": \(text(medians[1]))",
            "\"codable_text_dates\": \(text(medians[2]))",
        ]
        print("{\(figures.joined(separator: ", "))}")
    }

    /// Microseconds of CPU time that one run takes, on average.
    private static func measure(_ run: () throws -> Int) rethrows -> Double {
        var sum = 0
        let start = clock()
        for _ in 0..<iterations { sum &+= try run() }
        let ticks = clock() - start
        precondition(sum > 0)
        return Double(ticks) * 1_000_000 / Double(CLOCKS_PER_SEC) / Double(iterations)
    }
}
