/// Something done that can be taken back, and done again.
public struct UndoEntry: Sendable, Equatable {
    public enum Change: Sendable, Equatable {
        case marks([String])
        case filter(String)
        /// A run that waits for its deletion is kept.
        case keepRun(String)
        case deleteRun(String)
    }

    /// What was done, as in "undid: mark 3 runs".
    public var words: String
    public var undo: Change
    public var redo: Change

    public init(_ words: String, undo: Change, redo: Change) {
        self.words = words
        self.undo = undo
        self.redo = redo
    }
}

/// What was done and taken back, newest last; at most 200 entries.
struct UndoHistory: Sendable {
    private var done: [UndoEntry] = []
    private var undone: [UndoEntry] = []

    var canUndo: Bool { !done.isEmpty }
    var canRedo: Bool { !undone.isEmpty }

    mutating func record(_ entry: UndoEntry) {
        done.append(entry)
        if done.count > 200 { done.removeFirst() }
        undone = []
    }

    mutating func undo() -> UndoEntry? {
        guard let entry = done.popLast() else { return nil }
        undone.append(entry)
        return entry
    }

    mutating func redo() -> UndoEntry? {
        guard let entry = undone.popLast() else { return nil }
        done.append(entry)
        return entry
    }

    /// Forgets entries that can no longer be taken back.
    mutating func forget(_ isGone: (UndoEntry) -> Bool) {
        done.removeAll(where: isGone)
        undone.removeAll(where: isGone)
    }
}
