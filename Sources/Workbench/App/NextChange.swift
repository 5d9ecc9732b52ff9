extension App {
    /// When the screen changes although nothing is said: a toast goes, a deletion is due, "2 m" becomes "3 m", a replay plays on.
    /// nil: never.
    func nextChange(after now: Double) -> Double? {
        if isAnimating { return now + 0.1 }
        var moments = workspace.messages.suffix(3).map { $0.time + Toast.lifetime }.filter { $0 > now }
        moments += workspace.deletions.map(\.at)
        if let newest = workspace.runs.map(\.created).max(), now >= newest {
            let age = now - newest
            // Minutes count for an hour, then hours.
            let step = age < 3600 ? 60.0 : 3600.0
            moments.append(newest + ((age / step).rounded(.down) + 1) * step)
        }
        return moments.min().map { max($0, now + 0.02) }
    }
}
