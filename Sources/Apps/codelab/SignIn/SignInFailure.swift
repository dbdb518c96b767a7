/// Nobody could be signed in. The program ends with exit status 3.
struct SignInFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
