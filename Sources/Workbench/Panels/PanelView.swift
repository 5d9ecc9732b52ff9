import Charts
import Experiments
import Terminal

/// What a panel draws with.
package struct PanelContext {
    package let model: RunModel
    package let palette: ChartPalette
    /// The panel takes the keys: its cursor is drawn.
    package let isFocused: Bool
    /// Seconds since 1970, as the newest message told.
    package let now: Double

    package init(model: RunModel, palette: ChartPalette, isFocused: Bool, now: Double) {
        self.model = model
        self.palette = palette
        self.isFocused = isFocused
        self.now = now
    }
}

/// One kind of panel: its state (cursor, zoom, order, …), what it answers to, and how it draws a run.
///
/// A value without a clock: `draw` is a function of the state, the run and the area. State holds places in the data (steps,
/// identifiers, rows), never cells, so that any size can follow any other. To add a kind: one file with a conforming
/// type, one line in `panelView(for:)`.
package protocol PanelView: Sendable {
    /// Whether anything that the panel shows has come yet.
    func hasContent(in model: RunModel) -> Bool
    /// What follows the title in the frame, such as "log y · smoothed .60"; empty for nothing.
    func status(of model: RunModel) -> String
    /// The actions that mean something here at this moment, most useful first: the footer.
    func actions(for model: RunModel) -> [ActionID]
    /// Why an action of the key map means nothing here, in a few words; nil where it does.
    func disabledReason(_ action: ActionID, model: RunModel) -> String?
    /// Whether the panel moves by itself: it then hears `advance` ten times a second.
    var isPlaying: Bool { get }
    /// A tenth of a second went by while the panel plays.
    mutating func advance(model: RunModel)
    /// Does what was asked, in a panel whose inside is `size` cells.
    /// - Returns: false when the action means nothing here, so that the screen may use the key.
    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool
    /// Draws the inside of the panel; the screen draws the frame.
    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext)
}

extension PanelView {
    package func status(of model: RunModel) -> String { "" }
    package func actions(for model: RunModel) -> [ActionID] { [] }
    package func disabledReason(_ action: ActionID, model: RunModel) -> String? { nil }
    package var isPlaying: Bool { false }
    package mutating func advance(model: RunModel) {}
    package mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool { false }

    /// What a panel shows whose event has not come yet: the sentence in the middle, dimmed.
    func drawWaiting(_ name: String, into grid: inout CellGrid, area: Rect, context: PanelContext) {
        let sentence = context.model.state == .running || context.model.state == .waiting
            ? "waiting for \(name)" : "this run has no \(name)"
        let text = sentence.middleTruncated(to: area.width)
        grid.write(text, x: area.x + max(0, (area.width - text.columnWidth) / 2), y: area.y + max(0, area.height - 1) / 2,
                   style: context.palette.axis, within: area)
    }
}

/// The view of each kind of panel. A method names kinds, never views; a new kind is a new line here.
package func panelView(for spec: PanelSpec) -> any PanelView {
    switch spec.kind {
    case .lines(let series, let x, let y): LinesPanel(patterns: series, x: x, y: y, marks: spec.marks, dimmed: spec.dimmed, isStems: spec.isStems)
    case .histogram(let name): HistogramPanel(distribution: name)
    case .sortedWeights(let name): SortedWeightsPanel(weights: name)
    case .gallery(let weights, let images): GalleryPanel(weights: weights, images: images)
    case .trajectories(let weights): TrajectoriesPanel(weights: weights)
    case .heatMap(let name): HeatMapPanel(matrix: name)
    case .table(let name): TablePanel(table: name)
    case .bars(let table, let label, let value): BarsPanel(table: table, label: label, value: value)
    case .groupedBars(let table, let label, let values): GroupedBarsPanel(table: table, label: label, values: values)
    case .stackedBars(let table, let label, let part, let value): StackedBarsPanel(table: table, label: label, part: part, value: value)
    case .gauges(let table, let label, let value, let scales): GaugesPanel(table: table, label: label, value: value, scales: scales)
    case .inspector(let items, let details, let key): InspectorPanel(items: items, details: details, key: key, curves: spec.curves, listShare: spec.listShare)
    case .scatter(let table, let x, let y): ScatterPanel(table: table, x: x, y: y, marks: spec.marks, isPath: spec.isPath)
    case .curves(let table, let x, let y): CurvesPanel(table: table, x: x, y: y)
    case .graph(let name, let look): GraphPanel(graph: name, look: look)
    case .scenes(let name): ScenesPanel(scenes: name)
    case .images(let name): ImagesPanel(images: name)
    case .log: LogPanel()
    }
}
