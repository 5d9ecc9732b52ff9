import Experiments

/// What the workspace keeps of the messages from outside, before the screens hear them.
extension App {
    mutating func absorb(_ content: Message.Content) {
        switch content {
        case .resize(let size): workspace.size = size
        case .runs(let rows): absorb(rows)
        case .datasets(let entries):
            workspace.datasets = entries
            workspace.datasetsAreKnown = true
        case .themes(let themes, let current):
            workspace.themes = themes
            if let theme = themes.first(where: { $0.name == current }) { workspace.use(theme) }
        case .sessions(let entries): workspace.sessions = entries
        case .fileWritten(let path): workspace.say(.success, "wrote \(path)")
        case .copied(let what, nil): workspace.say(.success, "copied \(what)")
        case .copied(let what, let file?): workspace.say(.success, "the terminal takes no copy; \(what) is in \(file)")
        case .crashes(let reports):
            workspace.crashes = reports
            if let newest = reports.first {
                workspace.say(.warning, "lathe crashed at an earlier start (\(newest.what.prefix { $0 != "," }), \(NumberText.age(newest.time, now: workspace.now))); ! on the list of runs shows the report, :crash anywhere")
            }
        case .toast(let kind, let text): workspace.say(kind, text)
        case .effectFailed(let sentence): workspace.say(.failure, sentence)
        case .submitted(let runs, _): workspace.series.register(runs)
        default: break
        }
    }

    /// Takes the list of runs in, and says what finished or failed since the last one.
    private mutating func absorb(_ rows: [RunRow]) {
        let before = Dictionary(workspace.runs.map { ($0.identifier, $0.state) }, uniquingKeysWith: { first, _ in first })
        if workspace.runsAreKnown {
            var toldStudies: Set<String> = []
            for row in rows.reversed() {
                guard let old = before[row.identifier], old != row.state, old == .running || old == .waiting || old == .paused
                else { continue }
                if row.state == .finished || row.state == .failed { workspace.notices.append("\(row.shortName): \(row.state.word)") }
                // The runs of a study are told together, when the last of them has ended; a failure is told at once.
                let siblings = row.study.isEmpty ? [] : rows.filter { $0.study == row.study }
                if siblings.count > 1, row.state != .failed {
                    let isLast = !siblings.contains { $0.state == .running || $0.state == .waiting || $0.state == .paused }
                    if isLast, toldStudies.insert(row.study).inserted {
                        let done = siblings.count { $0.state == .finished }, result = StudyResult(siblings).map { ": \($0.text)" } ?? ""
                        let oneSetting = Set(siblings.map(\.request.condition)).count == 1 && Set(siblings.map(\.request.dataset)).count == 1
                        workspace.say(done == siblings.count ? .success : .warning,
                                      "\(row.request.method) \(row.request.dataset): \(done) of \(siblings.count) runs are done\(oneSetting ? result : "")")
                    }
                    continue
                }
                switch row.state {
                case .finished: workspace.say(.success, "\(row.shortName) is done\(row.headline.isEmpty ? "" : ": \(row.headline)")")
                case .failed: workspace.say(.failure, "\(row.shortName) failed\(row.failure.map { ": \($0)" } ?? "")")
                case .interrupted: workspace.say(.warning, "\(row.shortName) was interrupted; it can be resumed")
                default: break
                }
            }
        }
        let doomed = Set(workspace.deletions.map(\.run.identifier))
        workspace.runs = rows.filter { !doomed.contains($0.identifier) }
        workspace.runsAreKnown = true
        workspace.series.register(rows.reversed().map(\.identifier))
        let present = Set(rows.map(\.identifier))
        workspace.marks.removeAll { !present.contains($0) }
    }

    // MARK: Deletion, which waits for its toast

    mutating func delete(_ run: String) {
        guard let row = workspace.run(run) else { return }
        markForDeletion(run)
        history.record(UndoEntry("delete \(row.shortName)", undo: .keepRun(run), redo: .deleteRun(run)))
        workspace.say(.warning, "\(row.shortName) goes in \(Int(Toast.lifetime)) s; u keeps it")
    }

    mutating func markForDeletion(_ run: String) {
        guard let index = workspace.runs.firstIndex(where: { $0.identifier == run }) else { return }
        workspace.deletions.append((workspace.runs[index], workspace.now + Toast.lifetime))
        workspace.runs.remove(at: index)
        workspace.marks.removeAll { $0 == run }
    }

    mutating func keep(_ run: String) {
        guard let index = workspace.deletions.firstIndex(where: { $0.run.identifier == run }) else { return }
        let row = workspace.deletions.remove(at: index).run
        let place = workspace.runs.firstIndex { $0.created < row.created } ?? workspace.runs.count
        workspace.runs.insert(row, at: place)
    }

    /// What the user may want to hear of elsewhere, once.
    mutating func notices() -> [Effect] {
        defer { workspace.notices = [] }
        return workspace.notices.map(Effect.notify)
    }

    /// The deletions whose toast has gone by a moment.
    mutating func deletions(dueBy moment: Double) -> [Effect] {
        let due = workspace.deletions.filter { $0.at <= moment }.map(\.run.identifier)
        guard !due.isEmpty else { return [] }
        workspace.deletions.removeAll { due.contains($0.run.identifier) }
        history.forget { entry in
            switch entry.undo {
            case .keepRun(let run): due.contains(run)
            default: false
            }
        }
        return due.map { .delete(run: $0) }
    }
}
