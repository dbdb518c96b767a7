import APISupport
import HTTPTypes
import Synchronization
import WireAPI

/// Keeps what it got, and gives bodies back.
struct WireHandler: APIHandler {
    /// The inputs, and the requests that brought them.
    final class Record: Sendable {
        let inputs = Mutex<[any Sendable]>([])
        let requests = Mutex<[ClientRequest]>([])
    }

    let recorded = Record()

    typealias O = Operations

    private func record(_ input: any Sendable) { recorded.inputs.withLock { $0.append(input) } }

    private func noted<Output>(_ input: any Sendable, _ output: Output) -> Output {
        record(input)
        return output
    }

    // MARK: Parameters: what they were is all there is to it

    func simplePathText(_ input: O.SimplePathText.Input, context: CallContext) -> O.SimplePathText.Output { noted(input, .noContent) }
    func simplePathArray(_ input: O.SimplePathArray.Input, context: CallContext) -> O.SimplePathArray.Output { noted(input, .noContent) }
    func simplePathObject(_ input: O.SimplePathObject.Input, context: CallContext) -> O.SimplePathObject.Output { noted(input, .noContent) }
    func simplePathExplodedText(_ input: O.SimplePathExplodedText.Input, context: CallContext) -> O.SimplePathExplodedText.Output {
        noted(input, .noContent)
    }
    func simplePathExplodedArray(_ input: O.SimplePathExplodedArray.Input, context: CallContext) -> O.SimplePathExplodedArray.Output {
        noted(input, .noContent)
    }
    func simplePathExplodedObject(_ input: O.SimplePathExplodedObject.Input, context: CallContext) -> O.SimplePathExplodedObject.Output {
        noted(input, .noContent)
    }
    func labelPathText(_ input: O.LabelPathText.Input, context: CallContext) -> O.LabelPathText.Output { noted(input, .noContent) }
    func labelPathArray(_ input: O.LabelPathArray.Input, context: CallContext) -> O.LabelPathArray.Output { noted(input, .noContent) }
    func labelPathObject(_ input: O.LabelPathObject.Input, context: CallContext) -> O.LabelPathObject.Output { noted(input, .noContent) }
    func labelPathExplodedText(_ input: O.LabelPathExplodedText.Input, context: CallContext) -> O.LabelPathExplodedText.Output {
        noted(input, .noContent)
    }
    func labelPathExplodedArray(_ input: O.LabelPathExplodedArray.Input, context: CallContext) -> O.LabelPathExplodedArray.Output {
        noted(input, .noContent)
    }
    func labelPathExplodedObject(_ input: O.LabelPathExplodedObject.Input, context: CallContext) -> O.LabelPathExplodedObject.Output {
        noted(input, .noContent)
    }
    func matrixPathText(_ input: O.MatrixPathText.Input, context: CallContext) -> O.MatrixPathText.Output { noted(input, .noContent) }
    func matrixPathArray(_ input: O.MatrixPathArray.Input, context: CallContext) -> O.MatrixPathArray.Output { noted(input, .noContent) }
    func matrixPathObject(_ input: O.MatrixPathObject.Input, context: CallContext) -> O.MatrixPathObject.Output { noted(input, .noContent) }
    func matrixPathExplodedText(_ input: O.MatrixPathExplodedText.Input, context: CallContext) -> O.MatrixPathExplodedText.Output {
        noted(input, .noContent)
    }
    func matrixPathExplodedArray(_ input: O.MatrixPathExplodedArray.Input, context: CallContext) -> O.MatrixPathExplodedArray.Output {
        noted(input, .noContent)
    }
    func matrixPathExplodedObject(_ input: O.MatrixPathExplodedObject.Input, context: CallContext) -> O.MatrixPathExplodedObject.Output {
        noted(input, .noContent)
    }
    func formQuery(_ input: O.FormQuery.Input, context: CallContext) -> O.FormQuery.Output { noted(input, .noContent) }
    func formQueryExploded(_ input: O.FormQueryExploded.Input, context: CallContext) -> O.FormQueryExploded.Output {
        noted(input, .noContent)
    }
    func spaceDelimited(_ input: O.SpaceDelimited.Input, context: CallContext) -> O.SpaceDelimited.Output { noted(input, .noContent) }
    func pipeDelimited(_ input: O.PipeDelimited.Input, context: CallContext) -> O.PipeDelimited.Output { noted(input, .noContent) }
    func deepObject(_ input: O.DeepObject.Input, context: CallContext) -> O.DeepObject.Output { noted(input, .noContent) }
    func headerSimple(_ input: O.HeaderSimple.Input, context: CallContext) -> O.HeaderSimple.Output { noted(input, .noContent) }
    func headerExploded(_ input: O.HeaderExploded.Input, context: CallContext) -> O.HeaderExploded.Output { noted(input, .noContent) }
    func cookieForm(_ input: O.CookieForm.Input, context: CallContext) -> O.CookieForm.Output { noted(input, .noContent) }
    func cookieFormExploded(_ input: O.CookieFormExploded.Input, context: CallContext) -> O.CookieFormExploded.Output {
        noted(input, .noContent)
    }
    func cookieStyle(_ input: O.CookieStyle.Input, context: CallContext) -> O.CookieStyle.Output { noted(input, .noContent) }
    func wholeQuery(_ input: O.WholeQuery.Input, context: CallContext) -> O.WholeQuery.Output { noted(input, .noContent) }
    func wholeQueryJSON(_ input: O.WholeQueryJSON.Input, context: CallContext) -> O.WholeQueryJSON.Output { noted(input, .noContent) }

    // MARK: More than that

    func more(_ input: Operations.More.Input, context: CallContext) async throws -> Operations.More.Output {
        record(input)
        return .ok(Schemas.More(text: "\(input.from) \(input.to) \(input.file)"))
    }

    func form(_ input: Operations.Form.Input, context: CallContext) async throws -> Operations.Form.Output { .ok(input.body) }

    func multipart(_ input: Operations.Multipart.Input, context: CallContext) async throws -> Operations.Multipart.Output {
        record(input)
        return .ok(.init(title: input.body.title, filter: input.body.filter, file: input.body.file))
    }

    func parts(_ input: Operations.Parts.Input, context: CallContext) async throws -> Operations.Parts.Output {
        var parts: [MultipartPart] = []
        for try await part in input.body {
            var bytes: [UInt8] = []
            // The body of a part that is called `skipped` is left unread.
            if part.name != "skipped" { for try await chunk in part.body { bytes += chunk } }
            parts.append(MultipartPart(headerFields: part.headerFields, body: ByteStream(bytes)))
        }
        return .ok(MultipartStream(parts))
    }

    func mixed(_ input: Operations.Mixed.Input, context: CallContext) async throws -> Operations.Mixed.Output {
        record(input)
        let count = (input.body.part3 == nil ? 2 : 3) + input.body.items.count
        return .ok(.init(items: Array(repeating: input.body.part2, count: count)))
    }

    func others(_ input: Operations.Others.Input, context: CallContext) async throws -> Operations.Others.Output {
        record(input)
        if context.preferredMediaType == "multipart/mixed" {
            let files = input.body.additionalProperties.mapValues { [MultipartFile([UInt8($0)]), MultipartFile([0])] }
            return .ok(.mixed(.init(title: input.body.title, additionalProperties: files)))
        }
        let filters = input.body.additionalProperties.mapValues { size in (0..<size).map { Schemas.Filter(name: "n", size: $0) } }
        return .ok(.formData(.init(additionalProperties: filters)))
    }

    func archive(_ input: Operations.Archive.Input, context: CallContext) async throws -> Operations.Archive.Output {
        switch input.body {
        case .zip(let stream): return .ok(stream)
        case .video(let video): return .ok(video.body)
        case .json(let filter): return .ok(ByteStream([UInt8](filter.name.utf8)))
        case .formData(let parts):
            var bytes: [UInt8] = []
            for try await part in parts { bytes += try await part.body.collect(upTo: 1_000) ?? [] }
            return .ok(ByteStream(bytes))
        }
    }

    func items(_ input: Operations.Items.Input, context: CallContext) async throws -> Operations.Items.Output {
        var items: [Schemas.Filter] = []
        switch input.body {
        case .jsonl(let stream): for try await item in stream { items.append(item) }
        case .jsonSeq(let stream): for try await item in stream { items.append(item) }
        }
        return .ok(context.preferredMediaType == "application/json-seq" ? .jsonSeq(ItemStream(items)) : .xNdjson(ItemStream(items)))
    }

    func bytes(_ input: Operations.Bytes.Input, context: CallContext) async throws -> Operations.Bytes.Output {
        switch input.body {
        case nil: .noContent
        case .binary(let stream): .ok(.binary(stream))
        case .image(let image): .ok(.image(image))
        case .text(let text): .ok(.text(text))
        case .xml(let text): .ok(.text(text))
        case .vndExamplePlusJSON(let text): .ok(.text("one: \(text)"))
        case .vndExamplePlusJSON2(let number): .ok(.vndExamplePlusJSON(number))
        }
    }

    func negotiated(_ input: Operations.Negotiated.Input, context: CallContext) async throws -> Operations.Negotiated.Output {
        let body: Operations.Negotiated.OkBody =
            switch context.preferredMediaType {
            case "text/csv": .csv("name\nn\n")
            case "text/event-stream": .eventStream(EventStream(WireEvents(texts: ["one", "two\nlines", ""])))
            default: .json(.init(name: "n"))
            }
        return .ok(
            .init(
                xNumber: 7, xList: ["a,b", "c \"d\"", ""], xColor: .init(r: 1, b: 3), xExploded: .init(g: 2),
                xFilter: .init(name: "ü", tags: [","]), setCookie: ["a=1; Path=/", "b=2, 3"], body: body))
    }
}
