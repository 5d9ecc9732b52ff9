import Foundation

/// Where the files that ship with the program lie: themes and sessions.
public enum SharedFiles {
    /// The folder named by `LATHE_SHARE`; else `../share/lathe` beside the executable's folder; else the checkout that the
    /// executable was built in. nil where there is none of them: the binary then works with what it has inside.
    public static func folder(environment: [String: String], executable: URL?) -> URL? {
        let files = FileManager.default
        if let path = environment["LATHE_SHARE"], !path.isEmpty { return URL(fileURLWithPath: path) }
        guard let executable = executable?.resolvingSymlinksInPath() else { return nil }
        var folder = executable.deletingLastPathComponent()
        let installed = folder.deletingLastPathComponent().appendingPathComponent("share/lathe")
        if files.fileExists(atPath: installed.appendingPathComponent("themes").path) { return installed }
        while folder.path != "/" {
            if files.fileExists(atPath: folder.appendingPathComponent("Package.swift").path),
               files.fileExists(atPath: folder.appendingPathComponent("themes").path) { return folder }
            folder = folder.deletingLastPathComponent()
        }
        return nil
    }
}
