import FoundationEssentials

/// A file that is touched only when its text changes, so that nothing is compiled again for no reason.
struct OutputFile {
    enum State { case same, different, missing }

    let path: String

    /// How the file compares to `text`.
    func state(against text: String) -> State {
        guard let old = FileManager.default.contents(atPath: path) else { return .missing }
        return old == Data(text.utf8) ? .same : .different
    }

    /// - Returns: Whether the file was written.
    func update(_ text: String) throws -> Bool {
        if state(against: text) == .same { return false }
        do { try Data(text.utf8).write(to: URL(filePath: path), options: .atomic) } catch { throw OutputFailure(path: path, cause: error) }
        return true
    }

    /// Makes a folder for files, and those above it.
    static func makeFolder(_ path: String) throws {
        do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
            throw OutputFailure(path: path, cause: error)
        }
    }
}

/// A folder or file that cannot be written, in words for whoever named it.
struct OutputFailure: Error, CustomStringConvertible {
    let path: String
    let cause: any Error

    var description: String {
        let reason =
            switch (cause as? CocoaError)?.code {
            case .fileWriteFileExists?: "there is a file of that name"
            case .fileNoSuchFile?, .fileReadNoSuchFile?: "the folder above it cannot be made or is not there"
            case .fileWriteNoPermission?, .fileReadNoPermission?: "it is not permitted"
            case .fileWriteOutOfSpace?: "the disk is full"
            case .fileWriteVolumeReadOnly?: "the disk is read-only"
            default: "\(cause)"
            }
        return "\(path) cannot be written: \(reason)"
    }
}
