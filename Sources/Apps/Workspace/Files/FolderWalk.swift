import Glibc

/// Visits what a folder holds, depth first and in byte order of the names, within bounds and without following links.
struct FolderWalk {
    struct Entry {
        /// The folder the entry is in, open, and its name there.
        var folder: Directory
        var name: String
        /// From the workspace folder.
        var path: String
        var attributes: stat

        var isFolder: Bool { attributes.st_mode & S_IFMT == S_IFDIR }
        var isRegularFile: Bool { attributes.st_mode & S_IFMT == S_IFREG }
        var isLink: Bool { attributes.st_mode & S_IFMT == S_IFLNK }
        /// In bytes.
        var size: Int { Int(attributes.st_size) }
    }

    enum Decision {
        case enter
        case passOver
        case stop
    }

    /// A bound on folders inside folders (each is an open descriptor meanwhile), on the entries of one folder, and on all entries seen.
    static let maximumDepth = 48
    static let maximumEntriesPerFolder = 20_000
    static let maximumEntries = 200_000

    private var seen = 0
    /// Something was left out because of the bounds above.
    private(set) var isCut = false

    /// - Parameter visit: called for each entry; `enter` on a folder goes into it.
    mutating func visit(
        _ folder: Directory, path: String, _ visit: (Entry) throws(ToolFailure) -> Decision
    ) throws(ToolFailure) {
        _ = try walk(folder, path: path, depth: 0, visit)
    }

    private mutating func walk(
        _ folder: Directory, path: String, depth: Int, _ visit: (Entry) throws(ToolFailure) -> Decision
    ) throws(ToolFailure) -> Bool {
        guard depth <= Self.maximumDepth else {
            isCut = true
            return true
        }
        if Task.isCancelled { throw ToolFailure(.cancelled, "cancelled") }
        let names: [String]
        do throws(Errno) {
            names = try folder.entryNames(limit: Self.maximumEntriesPerFolder)
        } catch {
            throw error.failure(path)
        }
        if names.count == Self.maximumEntriesPerFolder { isCut = true }
        for name in names {
            seen += 1
            guard seen <= Self.maximumEntries else {
                isCut = true
                return false
            }
            // Gone since the folder was read, or with a name that is no UTF-8: there is nothing to tell about it.
            guard let attributes = try? folder.attributes(of: name) else { continue }
            let entry = Entry(folder: folder, name: name, path: path == "." ? name : path + "/" + name, attributes: attributes)
            switch try visit(entry) {
            case .stop: return false
            case .passOver: continue
            case .enter:
                // A folder that may not be read is listed, but not entered.
                guard entry.isFolder, let inner = try? folder.directory(name) else { continue }
                guard try walk(inner, path: entry.path, depth: depth + 1, visit) else { return false }
            }
        }
        return true
    }
}
