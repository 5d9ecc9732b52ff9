import Foundation

/// The user's folders by the XDG specification; its defaults where a variable is unset or relative.
public struct UserFolders: Sendable {
    /// config.toml, themes.
    public var configuration: URL
    /// The store, sessions, data.
    public var data: URL
    /// The log, copied text that the terminal did not take.
    public var state: URL
    public var cache: URL

    public init(environment: [String: String], configuration: String? = nil) {
        let home = URL(fileURLWithPath: environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory())
        func folder(_ variable: String, _ standard: String) -> URL {
            let base = environment[variable].flatMap { $0.hasPrefix("/") ? URL(fileURLWithPath: $0) : nil } ?? home.appendingPathComponent(standard)
            return base.appendingPathComponent("lathe")
        }
        self.configuration = configuration.map { URL(fileURLWithPath: $0) } ?? folder("XDG_CONFIG_HOME", ".config")
        data = folder("XDG_DATA_HOME", ".local/share")
        state = folder("XDG_STATE_HOME", ".local/state")
        cache = folder("XDG_CACHE_HOME", ".cache")
    }
}
