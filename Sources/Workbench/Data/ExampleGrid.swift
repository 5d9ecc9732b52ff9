import Charts
import Datasets
import Terminal

/// Pictures of a data set in rows, each with its caption.
struct ExampleGrid {
    var examples: [DatasetPreview.Example]

    func draw(into grid: inout CellGrid, area: Rect, palette: ChartPalette, styles: Styles) {
        guard let first = examples.first, area.width > 4, area.height > 2 else { return }
        // As large as lets two rows of pictures stand, at most one cell a pixel; half blocks are two pixels high.
        let tall = max(2, min((first.thumbnail.height + 1) / 2, (area.height - 2) / 2 - 0))
        let wide = max(4, min(area.width, tall * 2 * first.thumbnail.width / max(1, first.thumbnail.height)))
        let cell = (width: max(wide, 8) + 1, height: tall + 1)
        let columns = max(1, area.width / cell.width), rows = max(1, area.height / cell.height)
        for (index, example) in examples.prefix(columns * rows).enumerated() {
            let x = area.x + index % columns * cell.width, y = area.y + index / columns * cell.height
            let picture = Rect(x: x, y: y, width: min(wide, area.maxX - x), height: tall).intersection(area)
            let thumbnail = example.thumbnail
            ImageChart(width: thumbnail.width, height: thumbnail.height, channels: thumbnail.channels == 3 ? .rgb : .gray, bytes: thumbnail.pixels)
                .draw(into: &grid, area: picture, palette: palette)
            grid.write(example.caption.truncated(to: cell.width - 1), x: x, y: y + tall, style: styles[.dim], within: area)
        }
    }
}
