import Foundation
import Terminal

/// What the command line says about the workbench.
public struct LiveOptions: Sendable {
    /// The store's file; nil takes `LATHE_STORE`, then the user's data folder.
    public var store: String?
    /// The folder of `config.toml` and `themes`; nil takes `$XDG_CONFIG_HOME/lathe`.
    public var configuration: String?
    /// A theme's name for this start; nil takes the configured one.
    public var theme: String?
    public var color: ColorDepth.Option
    public var isMouseEnabled: Bool
    /// A run to open at once; nil shows the list.
    public var run: String?
    /// A session's file to play at once.
    public var session: String?
    /// A folder of other programs' logs to follow into the store.
    public var watchedFolder: URL?
    /// Ends after the first frame that shows everything asked for: `lathe bench --only open`.
    public var endsAfterFirstFullFrame = false

    public init(store: String? = nil, configuration: String? = nil, theme: String? = nil, color: ColorDepth.Option = .auto,
                isMouseEnabled: Bool = true, run: String? = nil) {
        self.store = store
        self.configuration = configuration
        self.theme = theme
        self.color = color
        self.isMouseEnabled = isMouseEnabled
        self.run = run
    }
}
