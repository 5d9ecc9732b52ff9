import Experiments
import Terminal

/// One panel of the run screen: its title, what to look for in it, and its view with the view's state.
struct RunPanel: Sendable {
    let identifier: String
    let title: String
    let help: String
    let isWide: Bool
    var view: any PanelView

    init(_ identifier: String, title: String, help: String, isWide: Bool = false, view: any PanelView) {
        self.identifier = identifier
        self.title = title
        self.help = help
        self.isWide = isWide
        self.view = view
    }

    init(_ spec: PanelSpec) {
        self.init(spec.identifier, title: spec.title, help: spec.help, isWide: spec.isWide, view: panelView(for: spec))
    }
}

/// Which panels a run has: the method's own, then results, parameters and notes.
enum RunPanels {
    static func panels(method: (any Method)?, model: RunModel) -> [RunPanel] {
        var specs = method?.panels ?? guessed(model)
        let hasLog = specs.contains { if case .log = $0.kind { true } else { false } }
        if !hasLog { specs.append(PanelSpec("notes", title: "Notes", help: "What the run said, warnings, unknown events.", kind: .log)) }
        let log = specs.indices.filter { if case .log = specs[$0].kind { true } else { false } }
        let own = specs.indices.filter { !log.contains($0) }.map { RunPanel(specs[$0]) }
        let results = RunPanel("results", title: "Results", help: "Every result of every arm, against the arm that it has to beat.",
                               view: ResultsPanel())
        let parameters = RunPanel("parameters", title: "Parameters", help: "Everything that determines the run's numbers.",
                                  view: ParametersPanel(specs: method?.parameters ?? []))
        return own + [results, parameters] + log.map { RunPanel(specs[$0]) }
    }

    /// Panels for a run of a method that this program does not have: made from the events themselves.
    private static func guessed(_ model: RunModel) -> [PanelSpec] {
        var specs: [PanelSpec] = []
        var groups: Set<String> = []
        for path in model.seriesOrder {
            let group = path.split(separator: "/").first.map(String.init) ?? path
            guard groups.insert(group).inserted else { continue }
            let unit = model.series[path]?.unit ?? ""
            specs.append(PanelSpec("series \(group)", title: group, help: "All series whose name begins so.",
                                   kind: .lines(series: [group, group + "/*"], x: .init("step"), y: .init(group, unit: unit))))
        }
        for name in model.weights.keys.sorted() {
            specs.append(PanelSpec("weights \(name)", title: name, help: "Example weights from lowest to highest.", kind: .sortedWeights(weights: name)))
        }
        for name in model.distributions.keys.sorted() {
            specs.append(PanelSpec("distribution \(name)", title: name, help: "The newest distribution.", kind: .histogram(distribution: name)))
        }
        for name in model.matrices.keys.sorted() {
            specs.append(PanelSpec("matrix \(name)", title: name, help: "The newest matrix.", kind: .heatMap(matrix: name)))
        }
        for name in model.tables.keys.sorted() {
            specs.append(PanelSpec("table \(name)", title: name, help: "The newest table.", kind: .table(name)))
        }
        for name in model.graphs.keys.sorted() {
            specs.append(PanelSpec("graph \(name)", title: name, help: "The newest graph.", kind: .graph(name)))
        }
        for name in model.scenes.keys.sorted() {
            specs.append(PanelSpec("scenes \(name)", title: name, help: "The newest scenes.", kind: .scenes(name)))
        }
        for name in model.images.keys.sorted() {
            specs.append(PanelSpec("images \(name)", title: name, help: "Pictures of examples.", kind: .images(name)))
        }
        return specs
    }

    /// The panels that have something to show, and while a run goes on the first few of the others, so that it is seen what will come.
    static func shown(_ panels: [RunPanel], of model: RunModel) -> [RunPanel] {
        let isOpen = [.waiting, .running, .paused].contains(model.state)
        let filled = panels.filter { $0.view.hasContent(in: model) }
        guard isOpen || filled.isEmpty else { return filled }
        let promised = Set(panels.filter { !$0.view.hasContent(in: model) }.prefix(max(0, 4 - filled.count)).map(\.identifier))
        return panels.filter { $0.view.hasContent(in: model) || promised.contains($0.identifier) }
    }

    /// Keeps the state of panels that stay when the set changes.
    static func merged(_ new: [RunPanel], keeping old: [RunPanel]) -> [RunPanel] {
        new.map { panel in old.first { $0.identifier == panel.identifier } ?? panel }
    }
}
