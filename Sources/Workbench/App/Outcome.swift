/// What a screen answers to a key or a message: what should happen besides the change of its own state.
public enum Outcome: Sendable {
    case effect(Effect)
    /// Opens a screen of the catalogue by name, such as `.open("run", ["a1b2"])`.
    case open(String, [String])
    /// Puts a screen or a dialog on top.
    case push(any Screen)
    /// Leaves this screen.
    case pop
    /// Leaves all screens but the list of runs.
    case home
    /// Gives a dialog's answer to the screen below it, after `.pop`.
    case answer(String)
    /// Leaves this screen, then performs an action where the user was before.
    case popAndPerform(ActionID)
    /// Performs an action of the key map where the user is then.
    case perform(ActionID)
    case toast(Toast.Kind, String)
    /// Something that `u` takes back.
    case undoable(UndoEntry)
    /// Asks whether to leave the program, if anything is lost by it.
    case askToQuit
    /// Deletes runs when their toast has gone; `u` keeps them until then.
    case delete([String])
    /// Uses a theme from now on and remembers it.
    case useTheme(String)
    /// Shows a theme without remembering it.
    case previewTheme(Theme)
    /// The program goes on as the given application (a replay that the user takes over).
    case takeOver(App)
}
