extension Timestamp {
    /// Microseconds since 1970, as databases keep them; finer digits are cut off.
    public var microseconds: Int64 { secondsSinceEpoch * 1_000_000 + Int64(nanoseconds) / 1000 }

    public init(microseconds: Int64) {
        let (seconds, remainder) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        self.init(
            secondsSinceEpoch: remainder < 0 ? seconds - 1 : seconds,
            nanoseconds: Int32(remainder < 0 ? remainder + 1_000_000 : remainder) * 1000)
    }
}
