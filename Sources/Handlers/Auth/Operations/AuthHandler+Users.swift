import APISupport
import AuthAPI
import FoundationEssentials
import Logging

extension AuthHandler {
    /// OpenID Connect's view of the caller's account.
    func getUserinfo(
        _ input: Operations.GetUserinfo.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.GetUserinfo.Output {
        let user = try await user(of: principal)
        return .ok(
            .init(
                cacheControl: CacheControl.none,
                body: Schemas.UserInfo(
                    sub: user.id, preferredUsername: user.username, name: user.name, email: user.email,
                    emailVerified: user.email == nil ? nil : false
                )
            )
        )
    }

    /// The caller's account.
    func getCurrentUser(
        _ input: Operations.GetCurrentUser.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.GetCurrentUser.Output {
        .ok(Schemas.User(try await user(of: principal)))
    }

    /// Creates an account, for an administrator.
    func createUser(
        _ input: Operations.CreateUser.Input, principal: Principal, context: CallContext
    ) async throws -> Operations.CreateUser.Output {
        let account = input.body
        do {
            let user = try await accounts.create(
                UserAccounts.NewAccount(
                    username: account.username, password: account.password, email: account.email, name: account.name,
                    isAdministrator: account.isAdmin
                )
            )
            context.logger.notice("A user was created", metadata: ["user_id": "\(user.id)", "by": "\(principal.subject)"])
            return .created(Schemas.User(user))
        } catch UserAccounts.CreationFailure.taken {
            throw RequestFailure(.conflict, detail: "The name or the e-mail address is taken.")
        } catch UserAccounts.CreationFailure.malformed(let member) {
            throw RequestFailure(
                .invalid, violations: [Violation(pointer: "/\(member)", rule: "format", message: "cannot be used to sign in")]
            )
        }
    }
}

extension Schemas.User {
    init(_ user: AuthHandlers.User) {
        self.init(
            id: user.id, username: user.username, email: user.email, name: user.name, isAdmin: user.isAdministrator,
            createdAt: Timestamp(secondsSinceEpoch: Int64(user.createdAt.timeIntervalSince1970))
        )
    }
}
