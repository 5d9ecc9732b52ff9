import Charts
import Experiments
import Terminal

/// The line under the header: `▶ running   detect ✓ → reweight ▶ 2/3 → 1 more     64 % · 0:12 · 0:21 left`.
struct RunStatusLine {
    let model: RunModel
    let now: Double

    func draw(into grid: inout CellGrid, area: Rect, styles: Styles) {
        guard !area.isEmpty else { return }
        let right = " \(progress) "
        grid.write(right, x: area.maxX - right.columnWidth, y: area.y, style: styles[isStalled ? .interrupted : .strong], within: area)
        let room = area.width - right.columnWidth - 2
        let state = " \(model.state.glyph) \(model.state.word)"
        var x = area.x + grid.write(state, x: area.x, y: area.y, style: styles[model.state.role], within: area)
        let left = stages(room: room - state.columnWidth - 3)
        if !left.isEmpty {
            x += 3
            grid.write(left, x: x, y: area.y, style: styles[.text], within: Rect(x: area.x, y: area.y, width: max(0, room + 1), height: 1))
        }
    }

    private var isStalled: Bool { if case .stalled = model.clock.timeLeft(at: now), model.state == .running { true } else { false } }

    /// The stages begun, each with a mark; the newest stay where there is no room for all.
    private func stages(room: Int) -> String {
        let clock = model.clock
        guard !clock.stages.isEmpty else { return "" }
        var words = clock.stages.map { stage in
            guard stage.endedAt == nil || stage == clock.stages.last && model.state != .finished else { return "\(stage.name) ✓" }
            let count = clock.progress.map { " \(NumberText.short($0.done))/\(NumberText.short($0.total))\($0.unit.isEmpty ? "" : " " + $0.unit)" } ?? ""
            return model.state == .running || model.state == .paused ? "\(stage.name) \(model.state.glyph)\(count)" : "\(stage.name) \(model.state.glyph)"
        }
        if let last = clock.stages.last, clock.stageCount > last.index, model.state != .finished {
            words.append("\(clock.stageCount - last.index) more")
        }
        while words.count > 1, words.joined(separator: " → ").columnWidth > room {
            words.removeFirst()
            if words.count > 1 { words[0] = "… " + words[0].replacingPrefix("… ") }
        }
        return words.joined(separator: " → ").truncated(to: max(0, room))
    }

    /// Per cent, time so far, time left.
    private var progress: String {
        let clock = model.clock
        var parts: [String] = []
        if model.state == .running || model.state == .paused, let fraction = clock.fraction {
            parts.append("\(Int((fraction * 100).rounded(.down))) %")
        }
        let seconds = model.summary.map(\.seconds).flatMap { $0 > 0 ? $0 : nil } ?? clock.elapsed(at: now)
        if clock.startedAt != nil { parts.append(seconds < 10 ? "\(NumberFormat.automatic.string(seconds, significant: 2)) s" : NumberText.duration(seconds)) }
        // Tokens are what the speed of an encoder is told in; other units are counted beside the stage's name alone.
        if model.state == .running, let rate = clock.rate, clock.progress?.unit.hasPrefix("tokens") == true { parts.append("\(NumberText.short(rate.rounded())) tokens/s") }
        if model.state == .running {
            let left = clock.timeLeft(at: now).display
            if !left.isEmpty { parts.append(clock.stageCount > 1 ? "\(left) in this stage" : left) }
        }
        if let ending = model.ending, model.state == .failed { parts.append(ending.truncated(to: 40)) }
        return parts.joined(separator: " · ")
    }
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String) -> String { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self }
}
