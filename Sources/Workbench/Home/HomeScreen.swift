import Terminal

/// The runs.
struct HomeScreen: Screen {
    static let descriptor = ScreenDescriptor(name: "runs", summary: "Shows the list of runs.", bindings: [], open: { _, _ in HomeScreen() })

    func breadcrumb(_ workspace: Workspace) -> [String] { ["runs"] }
    func places(_ workspace: Workspace) -> [Place] { [.lists] }

    func draw(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        Panel("Runs", isFocused: true).draw(into: &grid, area: area, styles: workspace.styles)
    }
}
