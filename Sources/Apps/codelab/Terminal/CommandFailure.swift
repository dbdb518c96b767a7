import APISupport
import ArgumentParser
import AsyncHTTPClient
import NIOCore
import NIOPosix
import Workspace

/// What a person is told when a command cannot go on, and the exit status.
enum CommandFailure {
    static let turnFailed = ExitCode(1)
    static let usage = ExitCode(2)
    static let notSignedIn = ExitCode(3)

    static func describe(_ error: any Error) -> (text: String, code: ExitCode) {
        switch error {
        case let error as SignInFailure: return ("\(error)", notSignedIn)
        case let error as ConfigurationError: return ("\(error)", usage)
        case let error as ToolFailure: return ("the workspace cannot be used: \(error)", usage)
        case let error as ClientError where error.status == 401 || error.status == 403:
            return ("the server does not accept the sign-in: \(error.problem?.detail ?? error.description)", notSignedIn)
        case let error as ClientError:
            return (error.problem?.detail ?? error.problem?.title ?? error.description, turnFailed)
        case let error as WebSocketClosed: return closed(error)
        case is ConnectionEnded: return ("the server ended the connection", turnFailed)
        case let error as NIOConnectionError: return (unreachable("\(error.host):\(error.port)"), turnFailed)
        case is IOError: return (unreachable("the server"), turnFailed)
        case let error as HTTPClientError where error == .connectTimeout: return (unreachable("the server"), turnFailed)
        case is CancellationError: return ("cancelled", turnFailed)
        default: return ("\(error)", turnFailed)
        }
    }

    private static func unreachable(_ server: String) -> String {
        "\(server) cannot be reached; is the platform running (make run, codelab serve all), and is its address right (--gateway, --auth)?"
    }

    /// The close codes are those of specs/gateway/asyncapi.yaml.
    private static func closed(_ error: WebSocketClosed) -> (text: String, code: ExitCode) {
        switch error.code.rawValue {
        case 4401: ("the sign-in has expired; start again", notSignedIn)
        case 4403: ("the sign-in does not allow conversations (scope api:write)", notSignedIn)
        case 4404: ("you have no such session", turnFailed)
        case 1001: ("the server stops", turnFailed)
        case 1013: ("the runtime cannot be reached; try again later", turnFailed)
        default: ("\(error)", turnFailed)
        }
    }
}
