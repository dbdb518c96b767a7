extension String {
    /// The text with every NUL replaced by U+FFFD: neither SQLite's nor PostgreSQL's text columns hold one.
    var storable: String {
        utf8.contains(0) ? String(String.UnicodeScalarView(unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : $0 })) : self
    }
}
