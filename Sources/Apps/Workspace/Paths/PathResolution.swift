import Glibc

/// Where a path leads inside the workspace.
enum Location {
    /// A folder, and its path for messages (`.` for the workspace itself).
    case directory(Directory, path: String)
    /// Something that is no folder: a name in an open folder.
    case file(Directory, name: String, path: String)
    /// Nothing yet; its folder exists.
    case missing(Directory, name: String, path: String)
}

/// Walks a path component by component from the workspace's root, holding every folder on the way open.
///
/// The kernel is never asked to follow a link or to go up: a symbolic link is read and its target walked by the same rules, and `..`
/// goes back to the folder this walk came from. Above the root there is nothing to go back to, and an absolute target is refused, so
/// no arrangement of links, nor one changed during the walk, leads out. Links that stay inside work as usual.
struct PathResolution {
    /// As many as Linux itself follows (path_resolution(7)).
    static let maximumLinks = 40
    /// Components walked altogether, link targets included: bounds what links that point at long chains can cost.
    static let maximumComponents = 512

    private var folders: [Directory]
    private var names: [String] = []
    private var links = 0

    /// - Parameter createsFolders: missing folders before the last component are made.
    static func resolve(_ path: WorkspacePath, in root: Directory, createsFolders: Bool = false) throws(ToolFailure) -> Location {
        var walk = PathResolution(folders: [root])
        return try walk.run(path.components, createsFolders: createsFolders)
    }

    private init(folders: [Directory]) {
        self.folders = folders
    }

    private var current: Directory { folders[folders.count - 1] }

    private func path(_ name: String? = nil) -> String {
        let all = names + (name.map { [$0] } ?? [])
        return all.isEmpty ? "." : all.joined(separator: "/")
    }

    private mutating func run(_ components: [String], createsFolders: Bool) throws(ToolFailure) -> Location {
        var pending = Array(components.reversed())
        var walked = 0
        while let name = pending.popLast() {
            walked += 1
            guard walked <= Self.maximumComponents else {
                throw ToolFailure(.invalidArguments, "the path has more than \(Self.maximumComponents) components")
            }
            if name == ".." {
                try goUp()
                continue
            }
            switch try kind(of: name) {
            case nil where pending.isEmpty:
                return .missing(current, name: name, path: path(name))
            case nil where createsFolders:
                try makeFolder(name)
                try enter(name)
            case nil:
                throw ToolFailure(.notFound, "the folder '\(shortened(path(name)))' does not exist")
            case S_IFLNK:
                pending += try target(of: name).reversed()
            case S_IFDIR:
                try enter(name)
            case _ where pending.isEmpty:
                return .file(current, name: name, path: path(name))
            default:
                throw ToolFailure(.notADirectory, "'\(shortened(path(name)))' is not a folder")
            }
        }
        return .directory(current, path: path())
    }

    private mutating func goUp() throws(ToolFailure) {
        guard folders.count > 1 else { throw Self.leaves }
        folders.removeLast()
        names.removeLast()
    }

    private mutating func enter(_ name: String) throws(ToolFailure) {
        do throws(Errno) {
            folders.append(try current.directory(name))
            names.append(name)
        } catch {
            throw error.failure(path(name))
        }
    }

    private func makeFolder(_ name: String) throws(ToolFailure) {
        do throws(Errno) {
            try current.makeDirectory(name)
        } catch {
            // Another process made it meanwhile: entering decides whether it is a folder.
            guard error.number == EEXIST else { throw error.failure(path(name)) }
        }
    }

    /// The file type bits of an entry, nil when there is none.
    private func kind(of name: String) throws(ToolFailure) -> mode_t? {
        do throws(Errno) {
            return try current.attributes(of: name).st_mode & S_IFMT
        } catch {
            guard error.number == ENOENT else { throw error.failure(path(name)) }
            return nil
        }
    }

    private mutating func target(of name: String) throws(ToolFailure) -> [String] {
        links += 1
        guard links <= Self.maximumLinks else {
            throw ToolFailure(.invalidArguments, "'\(shortened(path(name)))' leads through more than \(Self.maximumLinks) symbolic links")
        }
        let target: String
        do throws(Errno) {
            target = try current.linkTarget(name)
        } catch {
            throw error.failure(path(name))
        }
        guard target.utf8.first != UInt8(ascii: "/") else { throw Self.leaves }
        return try WorkspacePath.components(of: target)
    }

    private static let leaves = ToolFailure(.outsideWorkspace, "the path leads out of the workspace folder, which tools never leave")
}

extension Location {
    /// The path from the workspace folder, links resolved.
    var path: String {
        switch self {
        case .directory(_, let path), .file(_, _, let path), .missing(_, _, let path): path
        }
    }
}
