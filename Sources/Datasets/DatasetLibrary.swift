import Foundation

/// Finds and opens data sets: the embedded ones, those in the user's data folder and in the folders of `LATHE_DATA`, and those
/// that Debian packages put in fixed places.
public struct DatasetLibrary: Sendable {
    /// Folders that are searched, in order.
    public let folders: [URL]

    public init(folders: [URL]) { self.folders = folders }
}
