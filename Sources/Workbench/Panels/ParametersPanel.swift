import Charts
import Experiments
import Terminal

/// Everything that determines a run's numbers: parameters, seed, plan, data, build, machine.
struct ParametersPanel: PanelView {
    /// The method's own list, for titles, units and defaults; empty for a method that this program does not have.
    let specs: [ParameterSpec]
    var view = TableView()

    init(specs: [ParameterSpec]) { self.specs = specs }

    func hasContent(in model: RunModel) -> Bool { model.start != nil }

    func status(of model: RunModel) -> String {
        let changed = model.start?.request.values.count ?? 0
        return changed == 0 ? "all defaults" : "\(changed) set"
    }

    func actions(for model: RunModel) -> [ActionID] { [] }

    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool {
        view.perform(action, rowCount: rows(model).count, columnCount: 3, size: size)
    }

    private func rows(_ model: RunModel) -> [[RunEvent.Table.Cell]] {
        guard let start = model.start else { return [] }
        let request = start.request
        func row(_ name: String, _ value: String, _ note: String = "") -> [RunEvent.Table.Cell] { [.text(name), .text(value), .text(note)] }
        var rows: [[RunEvent.Table.Cell]] = []
        let known = specs.filter { start.values[$0.name] != nil }
        for spec in known {
            guard let value = start.values[spec.name] else { continue }
            let standard = spec.defaultValue(for: request.plan)
            rows.append(row(spec.name, value.display + (spec.unit.isEmpty ? "" : " \(spec.unit)"),
                            value == standard ? "" : "default \(standard.display)"))
        }
        // Of a later version, or a method that is not here: shown by name.
        let titled = Set(known.map(\.name))
        for name in start.values.keys.sorted() where !titled.contains(name) {
            rows.append(row(name, start.values[name]?.display ?? ""))
        }
        rows.append(row("plan", request.plan.rawValue))
        rows.append(row("seed", String(request.seed)))
        rows.append(row("threads", String(request.threads)))
        if !request.condition.isEmpty { rows.append(row("condition", request.condition)) }
        rows.append(row("data", request.dataset, "sha256 \(start.datasetChecksum.prefix(12))"))
        rows.append(row("build", start.build))
        rows.append(row("machine", start.machine))
        rows.append(row("run", model.identifier))
        return rows
    }

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        let rows = rows(context.model)
        guard !rows.isEmpty else { return drawWaiting("parameters", into: &grid, area: area, context: context) }
        view.draw(columns: [.init("parameter"), .init("value"), .init("note")], rows: rows, into: &grid, area: area,
                  palette: context.palette, isFocused: context.isFocused)
    }
}
