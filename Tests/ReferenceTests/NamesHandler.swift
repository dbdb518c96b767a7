import APISupport
import HTTPTypes
import InterfaceNamesAPI

/// Answers every operation of names.yaml; those of openapi.yaml are compiled only.
struct NamesHandler {}

extension NamesHandler: InterfaceNamesAPI.AnyValueAPI {
    func selfValue(
        _ input: Operations.SelfValue.Input,
        principal: Operations.SelfValue.Caller<Principal, Principal, Principal, Principal, Principal>?, context: CallContext
    ) async throws -> Operations.SelfValue.Output { throw RequestFailure(.unavailable, detail: "Compiled only.") }

    func `default`(
        _ input: Operations.Default.Input,
        principal: Operations.Default.Caller<Principal, Principal, Principal, Principal, Principal>?, context: CallContext
    ) async throws -> Operations.Default.Output { .noContent }

    func failure(_ failure: RequestFailure, in operation: Operations.SelfValue.Type) -> Operations.SelfValue.Output {
        .default(statusCode: failure.code.status, .init(initValue: failure.detail))
    }
}

extension NamesHandler: InterfaceNamesAPI.RocketAPI {
    func principal(
        _ input: Operations.Principal.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.Principal.Output { .noContent }
}

extension NamesHandler: InterfaceNamesAPI.DefaultAPI {
    typealias SelfValuePrincipal = Principal
    typealias DefaultPrincipal = Principal
    typealias PrincipalPrincipal = Principal
    typealias ContextPrincipal = Principal
    typealias RequestPrincipal = Principal

    func caller(_ input: Operations.Caller.Input, principal: Principal, context: CallContext) async throws -> Operations.Caller.Output {
        .noContent
    }

    func servers(
        _ input: Operations.Servers.Input, principal: Operations.Servers.Caller<Principal, Principal>, context: CallContext
    ) async throws -> Operations.Servers.Output { .noContent }

    func client(
        _ input: Operations.Client.Input, principal: Operations.Client.Caller<Principal, Principal, Principal>, context: CallContext
    ) async throws -> Operations.Client.Output { .noContent }

    func parameters(_ input: Operations.Parameters.Input, context: CallContext) async throws -> Operations.Parameters.Output {
        // Every input but the body, in the order of the document.
        let inputs = Mirror(reflecting: input).children.dropLast().map { "\($0.value)" }
        return .ok(
            .init(
                associatedtype: 0, borrowing: 1, class: 2, consuming: 3, deinit: 4, enum: 5, extension: 6, fileprivate: 7,
                func: 8, import: 9, initValue: 10, `inout`: 11, internal: 12, let: 13, nonisolated: 14, open: 15, operator: 16,
                precedencegroup: 17, private: 18, protocol: 19, public: 20, rethrows: 21, static: 22, struct: 23, subscript: 24,
                typealias: 25, var: 26, break: 27, case: 28, catch: 29, continue: 30, default: 31, defer: 32, do: 33, else: 34,
                fallthrough: 35, for: 36, guard: 37, if: 38, in: 39,
                xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx:
                    40,
                longYyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyFirst:
                    41,
                longYyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyySecond:
                    42,
                body: .init(inputs: inputs, body: input.body)))
    }

    func form(_ input: Operations.Form.Input, context: CallContext) async throws -> Operations.Form.Output { .ok(input.body) }

    func type(_ input: Operations.TypeValue.Input, context: CallContext) async throws -> Operations.TypeValue.Output { .noContent }
    func `protocol`(_ input: Operations.ProtocolValue.Input, context: CallContext) async throws -> Operations.ProtocolValue.Output {
        .noContent
    }
    func initValue(_ input: Operations.Init.Input, context: CallContext) async throws -> Operations.Init.Output { .noContent }
    func some(_ input: Operations.Some.Input, context: CallContext) async throws -> Operations.Some.Output { .noContent }
    func any(_ input: Operations.AnyValue.Input, context: CallContext) async throws -> Operations.AnyValue.Output { .noContent }
    func async(_ input: Operations.Async.Input, context: CallContext) async throws -> Operations.Async.Output { .noContent }
    func `await`(_ input: Operations.Await.Input, context: CallContext) async throws -> Operations.Await.Output { .noContent }
    func actor(_ input: Operations.Actor.Input, context: CallContext) async throws -> Operations.Actor.Output { .noContent }
    func underscore(_ input: Operations.Underscore.Input, context: CallContext) async throws -> Operations.Underscore.Output { .noContent }
    func dollar0(_ input: Operations.Dollar0.Input, context: CallContext) async throws -> Operations.Dollar0.Output { .noContent }
    func description(_ input: Operations.Description.Input, context: CallContext) async throws -> Operations.Description.Output {
        .noContent
    }
    func hashValue(_ input: Operations.HashValue.Input, context: CallContext) async throws -> Operations.HashValue.Output { .noContent }
    func rawValue(_ input: Operations.RawValue.Input, context: CallContext) async throws -> Operations.RawValue.Output { .noContent }
    func allCases(_ input: Operations.AllCases.Input, context: CallContext) async throws -> Operations.AllCases.Output { .noContent }
    func sendable(_ input: Operations.SendableValue.Input, context: CallContext) async throws -> Operations.SendableValue.Output {
        .noContent
    }
    func string(_ input: Operations.StringValue.Input, context: CallContext) async throws -> Operations.StringValue.Output { .noContent }
    func int(_ input: Operations.IntValue.Input, context: CallContext) async throws -> Operations.IntValue.Output { .noContent }
    func array(_ input: Operations.ArrayValue.Input, context: CallContext) async throws -> Operations.ArrayValue.Output { .noContent }
    func optional(_ input: Operations.OptionalValue.Input, context: CallContext) async throws -> Operations.OptionalValue.Output {
        .noContent
    }
    func result(_ input: Operations.Result.Input, context: CallContext) async throws -> Operations.Result.Output { .noContent }
    func error(_ input: Operations.Error.Input, context: CallContext) async throws -> Operations.Error.Output { .noContent }
    func task(_ input: Operations.Task.Input, context: CallContext) async throws -> Operations.Task.Output { .noContent }
    func server(_ input: Operations.Server.Input, context: CallContext) async throws -> Operations.Server.Output { .noContent }
    func input(_ input: Operations.Input.Input, context: CallContext) async throws -> Operations.Input.Output { .noContent }
    func output(_ input: Operations.Output.Input, context: CallContext) async throws -> Operations.Output.Output { .noContent }
    func body(_ input: Operations.Body.Input, context: CallContext) async throws -> Operations.Body.Output { .noContent }
    func `class`(_ input: Operations.Class.Input, context: CallContext) async throws -> Operations.Class.Output { .noContent }
    func `func`(_ input: Operations.Func.Input, context: CallContext) async throws -> Operations.Func.Output { .noContent }
    func `throws`(_ input: Operations.Throws.Input, context: CallContext) async throws -> Operations.Throws.Output { .noContent }
    func routes(_ input: Operations.Routes.Input, context: CallContext) async throws -> Operations.Routes.Output { .noContent }
    func respond(_ input: Operations.Respond.Input, context: CallContext) async throws -> Operations.Respond.Output { .noContent }
    func send(_ input: Operations.Send.Input, context: CallContext) async throws -> Operations.Send.Output { .noContent }
    func schemas(_ input: Operations.Schemas.Input, context: CallContext) async throws -> Operations.Schemas.Output { .noContent }
    func operations(_ input: Operations.Operations.Input, context: CallContext) async throws -> Operations.Operations.Output { .noContent }
    func apiSupport(_ input: Operations.APISupport.Input, context: CallContext) async throws -> Operations.APISupport.Output { .noContent }
    func rocketLaunch(_ input: Operations.RocketLaunch.Input, context: CallContext) async throws -> Operations.RocketLaunch.Output {
        .noContent
    }
    func שלום(_ input: Operations.שלום.Input, context: CallContext) async throws -> Operations.שלום.Output { .noContent }
    func naïve(_ input: Operations.Naïve.Input, context: CallContext) async throws -> Operations.Naïve.Output { .noContent }
    func _1st(_ input: Operations._1st.Input, context: CallContext) async throws -> Operations._1st.Output { .noContent }
    func getX(_ input: Operations.GetX.Input, context: CallContext) async throws -> Operations.GetX.Output { .noContent }
    func getx(_ input: Operations.Getx.Input, context: CallContext) async throws -> Operations.Getx.Output { .noContent }
    func quoteDX(_ input: Operations.QuoteDX.Input, context: CallContext) async throws -> Operations.QuoteDX.Output { .noContent }
    func newLine(_ input: Operations.NewLine.Input, context: CallContext) async throws -> Operations.NewLine.Output { .noContent }
    func star(_ input: Operations.Star.Input, context: CallContext) async throws -> Operations.Star.Output { .noContent }
    func doubleQuoteDoubleQuoteDoubleQuote(
        _ input: Operations.DoubleQuoteDoubleQuoteDoubleQuote.Input, context: CallContext
    ) async throws -> Operations.DoubleQuoteDoubleQuoteDoubleQuote.Output { .noContent }
    func
        oooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooo(
            _ input: Operations
                .Oooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooo
                .Input, context: CallContext
        ) async throws
        -> Operations
        .Oooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooo
        .Output
    { .noContent }
    func
        opzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzA(
            _ input: Operations
                .OpzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzA
                .Input, context: CallContext
        ) async throws
        -> Operations
        .OpzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzA
        .Output
    { .noContent }
    func
        opzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzB(
            _ input: Operations
                .OpzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzB
                .Input, context: CallContext
        ) async throws
        -> Operations
        .OpzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzB
        .Output
    { .noContent }
}

struct NamesSecurity: InterfaceNamesAPI.SecurityHandler {
    func certificate(_ request: ServerRequest, scopes: [String], context: CallContext) async throws -> Principal? { nil }
    func context(_ token: String, scopes: [String], context: CallContext) async throws -> Principal { Principal(subject: token) }
    func `default`(username: String, password: String, scopes: [String], context: CallContext) async throws -> Principal {
        Principal(subject: username)
    }
    func principal(_ key: String, scopes: [String], context: CallContext) async throws -> Principal { Principal(subject: key) }
    func request(_ credentials: String, scopes: [String], context: CallContext) async throws -> Principal {
        Principal(subject: credentials)
    }
    func selfValue(_ token: String, scopes: [String], context: CallContext) async throws -> Principal { Principal(subject: token) }
}

extension NameTests {
    /// Calls every operation that answers with nothing; the count of those that did.
    func callAll() async throws -> Int {
        var count = 0
        if case .noContent = try await client.type(.init()) { count += 1 }
        if case .noContent = try await client.protocol(.init()) { count += 1 }
        if case .noContent = try await client.initValue(.init()) { count += 1 }
        if case .noContent = try await client.some(.init()) { count += 1 }
        if case .noContent = try await client.any(.init()) { count += 1 }
        if case .noContent = try await client.async(.init()) { count += 1 }
        if case .noContent = try await client.await(.init()) { count += 1 }
        if case .noContent = try await client.actor(.init()) { count += 1 }
        if case .noContent = try await client.underscore(.init()) { count += 1 }
        if case .noContent = try await client.dollar0(.init()) { count += 1 }
        if case .noContent = try await client.description(.init()) { count += 1 }
        if case .noContent = try await client.hashValue(.init()) { count += 1 }
        if case .noContent = try await client.rawValue(.init()) { count += 1 }
        if case .noContent = try await client.allCases(.init()) { count += 1 }
        if case .noContent = try await client.sendable(.init()) { count += 1 }
        if case .noContent = try await client.string(.init()) { count += 1 }
        if case .noContent = try await client.int(.init()) { count += 1 }
        if case .noContent = try await client.array(.init()) { count += 1 }
        if case .noContent = try await client.optional(.init()) { count += 1 }
        if case .noContent = try await client.result(.init()) { count += 1 }
        if case .noContent = try await client.error(.init()) { count += 1 }
        if case .noContent = try await client.task(.init()) { count += 1 }
        if case .noContent = try await client.server(.init()) { count += 1 }
        if case .noContent = try await client.input(.init()) { count += 1 }
        if case .noContent = try await client.output(.init()) { count += 1 }
        if case .noContent = try await client.body(.init()) { count += 1 }
        if case .noContent = try await client.class(.init()) { count += 1 }
        if case .noContent = try await client.func(.init()) { count += 1 }
        if case .noContent = try await client.throws(.init()) { count += 1 }
        if case .noContent = try await client.routes(.init()) { count += 1 }
        if case .noContent = try await client.respond(.init()) { count += 1 }
        if case .noContent = try await client.send(.init()) { count += 1 }
        if case .noContent = try await client.schemas(.init()) { count += 1 }
        if case .noContent = try await client.operations(.init()) { count += 1 }
        if case .noContent = try await client.apiSupport(.init()) { count += 1 }
        if case .noContent = try await client.rocketLaunch(.init()) { count += 1 }
        if case .noContent = try await client.שלום(.init()) { count += 1 }
        if case .noContent = try await client.naïve(.init()) { count += 1 }
        if case .noContent = try await client._1st(.init()) { count += 1 }
        if case .noContent = try await client.getX(.init()) { count += 1 }
        if case .noContent = try await client.getx(.init()) { count += 1 }
        if case .noContent = try await client.quoteDX(.init()) { count += 1 }
        if case .noContent = try await client.newLine(.init()) { count += 1 }
        if case .noContent = try await client.star(.init()) { count += 1 }
        if case .noContent = try await client.doubleQuoteDoubleQuoteDoubleQuote(.init()) { count += 1 }
        if case .noContent =
            try await client
            .oooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooo(
                .init())
        {
            count += 1
        }
        if case .noContent =
            try await client
            .opzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzA(
                .init())
        {
            count += 1
        }
        if case .noContent =
            try await client
            .opzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzB(
                .init())
        {
            count += 1
        }
        return count
    }
}
