import Charts
import Experiments
import Terminal

/// What the run found: every result of every arm, against the arm that it has to beat.
struct ResultsPanel: PanelView {
    var view = TableView()

    func hasContent(in model: RunModel) -> Bool { model.summary != nil || model.ending != nil }

    func status(of model: RunModel) -> String {
        let failing = ResultVerdict.all(model.summary?.results ?? []).filter { $0.isBeaten == false }.count
        return failing == 0 ? "" : "\(failing) do\(failing == 1 ? "es" : "") not beat \(failing == 1 ? "its" : "their") baseline"
    }

    func actions(for model: RunModel) -> [ActionID] { ["panel.order"] }

    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool {
        view.perform(action, rowCount: model.summary?.results.count ?? 0, columnCount: 5, size: size)
    }

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        guard let results = context.model.summary?.results, !results.isEmpty else {
            if let ending = context.model.ending {
                let lines = "\(context.model.state.glyph) \(context.model.state.word): \(ending)".wrapped(area.width)
                for (row, line) in lines.enumerated() where row < area.height {
                    grid.write(line, x: area.x, y: area.y + row, style: context.palette.warning, within: area)
                }
                return
            }
            return drawWaiting("results", into: &grid, area: area, context: context)
        }
        let verdicts = ResultVerdict.all(results)
        let columns = [RunEvent.Table.Column("result"), .init("arm"), .init("value"), .init("unit"), .init("verdict")]
        let rows: [[RunEvent.Table.Cell]] = verdicts.map {
            [.text($0.result.name), .text($0.result.arm), .number($0.result.value), .text($0.result.unit), .text($0.words)]
        }
        view.draw(columns: columns, rows: rows, into: &grid, area: area, palette: context.palette, isFocused: context.isFocused)
    }
}

/// One result beside the arm that it has to beat.
struct ResultVerdict {
    let result: RunEvent.Result
    /// The baseline's arm and value.
    let baseline: (arm: String, value: Double)?

    /// Names that baselines go by where no result names its own.
    private static let customaryBaselines: Set<String> = ["original", "baseline"]

    static func all(_ results: [RunEvent.Result]) -> [ResultVerdict] {
        let isExplicit = results.contains { $0.baseline != nil }
        return results.map { result in
            let arm = isExplicit ? result.baseline
                : customaryBaselines.contains(result.arm) ? nil
                : results.first { $0.name == result.name && customaryBaselines.contains($0.arm) }?.arm
            let value = arm.flatMap { arm in results.first { $0.name == result.name && $0.arm == arm && arm != result.arm }?.value }
            return ResultVerdict(result: result, baseline: value.flatMap { value in arm.map { ($0, value) } })
        }
    }

    /// Whether the result is better than its baseline; nil without one or where neither way is better.
    var isBeaten: Bool? {
        guard let baseline, result.better != .neither else { return nil }
        return result.better == .lower ? result.value < baseline.value : result.value > baseline.value
    }

    /// "↓0.31 against original", or that it does not beat it.
    var words: String {
        guard let baseline else { return "" }
        let difference = result.value - baseline.value
        let change = difference == 0 ? "=" : (difference < 0 ? "↓" : "↑") + NumberText.short(abs(difference))
        switch isBeaten {
        case .some(true): return "\(change) against \(baseline.arm)"
        case .some(false): return "does not beat \(baseline.arm) (\(change))"
        case .none: return "\(change) against \(baseline.arm)"
        }
    }
}
