/// A screen as the palette and the other screens know it.
public struct ScreenDescriptor: Sendable {
    /// The palette's name, the same as on the command line where there is one: "runs", "data", "run".
    public var name: String
    /// What it shows, for the palette.
    public var summary: String
    /// The arguments in words: "RUN", "RUN RUN…", "".
    public var usage: String
    /// The rows that the screen adds to the key map.
    public var bindings: [Binding]
    /// The words that the palette offers for the arguments.
    public var completions: @Sendable (Workspace) -> [String]
    /// Makes the screen.
    public var open: @Sendable ([String], Workspace) throws(CommandError) -> any Screen

    public init(name: String, summary: String, usage: String = "", bindings: [Binding],
                completions: @escaping @Sendable (Workspace) -> [String] = { _ in [] },
                open: @escaping @Sendable ([String], Workspace) throws(CommandError) -> any Screen) {
        self.name = name
        self.summary = summary
        self.usage = usage
        self.bindings = bindings
        self.completions = completions
        self.open = open
    }
}

/// Why a command of the palette could not be done: one sentence.
public struct CommandError: Error, CustomStringConvertible, Sendable {
    public var description: String
    public init(_ sentence: String) { description = sentence }
}

/// Every screen, one line each; the first is home.
public enum ScreenCatalogue {
    public static let all: [ScreenDescriptor] = [
        HomeScreen.descriptor,
        NewRunScreen.descriptor,
        MethodsScreen.descriptor,
        DataScreen.descriptor,
        RunScreen.descriptor,
        CompareScreen.descriptor,
        SessionsScreen.descriptor,
        ReplayScreen.descriptor,
    ]

    public static func descriptor(_ name: String) -> ScreenDescriptor? { all.first { $0.name == name } }
}
