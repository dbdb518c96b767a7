/// A setting that cannot be used. The message names the setting where it was given, and never shows a secret's value.
struct ConfigurationError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
