import Charts
import Experiments
import Terminal

/// The pictures of a set with their captions, in the order in which they came.
struct ImagesPanel: PanelView {
    let images: String
    var cursor = 0
    var isOpen = false

    init(images: String) { self.images = images }

    func hasContent(in model: RunModel) -> Bool { model.images[images] != nil }

    func status(of model: RunModel) -> String { model.images[images].map { "\($0.order.count) pictures" } ?? "" }

    func actions(for model: RunModel) -> [ActionID] { ["panel.open"] }

    private func layout(_ pictures: ExampleImages, in size: Size) -> PictureGrid {
        PictureGrid(sample: pictures.order.first.flatMap { pictures.items[$0]?.thumbnail }, lineCount: 2, lineWidth: 12, in: size)
    }

    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool {
        guard let pictures = model.images[images], !pictures.order.isEmpty else { return false }
        let grid = layout(pictures, in: size)
        switch action {
        case "panel.open": isOpen.toggle()
        case "panel.close", "back":
            guard isOpen else { return false }
            isOpen = false
        case "left", "chart.cursorBack": cursor -= 1
        case "right", "chart.cursorForward": cursor += 1
        case "up": cursor -= isOpen ? 1 : grid.columns
        case "down": cursor += isOpen ? 1 : grid.columns
        case "page.up", "half.up": cursor -= grid.capacity
        case "page.down", "half.down": cursor += grid.capacity
        case "first": cursor = 0
        case "last": cursor = pictures.order.count - 1
        default: return false
        }
        cursor = min(max(0, cursor), pictures.order.count - 1)
        return true
    }

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        guard let pictures = context.model.images[images], !pictures.order.isEmpty else {
            return drawWaiting(images, into: &grid, area: area, context: context)
        }
        let cursor = min(max(0, self.cursor), pictures.order.count - 1)
        if isOpen, let item = pictures.items[pictures.order[cursor]] {
            let (line, rest) = area.split(top: 1)
            grid.write("#\(item.identifier)  \(item.caption)".middleTruncated(to: line.width), x: line.x, y: line.y,
                       style: context.palette.emphasis, within: line)
            return PictureGrid.draw(item.thumbnail, caption: item.caption, into: &grid, area: rest, palette: context.palette)
        }
        let layout = layout(pictures, in: area.size)
        let first = layout.firstShown(cursor: cursor, count: pictures.order.count)
        for slot in 0..<layout.capacity where first + slot < pictures.order.count {
            guard let item = pictures.items[pictures.order[first + slot]] else { continue }
            let lines = ["#\(item.identifier)"] + (item.thumbnail == nil ? [] : item.caption.wrapped(12))
            layout.draw(PictureGrid.Card(thumbnail: item.thumbnail, caption: item.caption, lines: lines), at: slot,
                        isCursor: context.isFocused && first + slot == cursor, into: &grid, area: area, palette: context.palette)
        }
    }
}
