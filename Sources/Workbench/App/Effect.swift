import Experiments

/// Something that the application asks of the outside. `Conductor` does it off the main actor and answers with messages.
public enum Effect: Sendable, Equatable {
    // Runs
    /// Queues the requests as one study; answered by `submitted`.
    case submit([RunRequest])
    case pause(run: String), resume(run: String), retry(run: String)
    /// Stops with a checkpoint.
    case cancel(run: String)
    case delete(run: String)
    /// Adds tags to runs, takes others away, and writes a note where one is given.
    case annotate(runs: [String], adding: [String], removing: [String], note: String?)
    case listRuns
    /// Reads a run whole and follows it while it grows: `runOpened`, then `runEvents`.
    case openRun(String)
    case closeRun(String)
    /// Reads a few thinned curves: `runPreview`.
    case previewRun(String)
    /// Folds a study: `study`.
    case summarise(study: String)

    // Data
    case listDatasets
    case preview(dataset: String)

    // Sessions
    case listSessions
    /// Saves what happened since the start, under a path or a name made from the time.
    case saveSession(path: String?)
    case loadSession(path: String)
    /// Names this moment in the session.
    case bookmark(String)

    // The user's desk
    case copy(String, what: String)
    /// Writes a text file; a relative path is below the working folder. Never overwrites.
    case writeFile(path: String, text: String)
    /// Rings the bell and names what happened where the terminal can.
    case notify(String)
    /// Remembers the theme in the configuration.
    case rememberTheme(String)
    case setMouse(Bool)

    /// The user saw these reports of crashes.
    case markCrashesRead([String])

    // The terminal
    case redraw
    case suspend
    case quit(QuitMode)

    public enum QuitMode: Sendable, Equatable {
        /// Nothing runs, or it is stopped at once where it stands in the store.
        case now
        /// When the last run and the queue are done; until then the program goes on.
        case whenDone
        /// Runs stop with a checkpoint first.
        case checkpoint
        /// A process without a screen goes on with the runs from their checkpoints.
        case handOver
        /// By a second ctrl-c: as `checkpoint`, exit status 130.
        case interrupted
    }
}
