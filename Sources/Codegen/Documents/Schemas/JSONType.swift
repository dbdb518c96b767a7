/// The six types of a JSON instance, and integers (JSON Schema 2020-12 core, section 4.2.1).
enum JSONType: String, CaseIterable, Sendable {
    case null, boolean, object, array, number, string, integer
}
