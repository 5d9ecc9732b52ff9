import Charts
import Datasets
import Terminal

/// One line a column of a table: name, histogram, range, missing values.
struct ColumnSketches {
    var columns: [DatasetPreview.Column]

    func draw(into grid: inout CellGrid, area: Rect, palette: ChartPalette, styles: Styles) {
        let nameWidth = min(max(4, columns.map(\.name.columnWidth).max() ?? 0), max(4, area.width / 3))
        let sketchWidth = min(16, max(0, area.width / 3))
        for (index, column) in columns.prefix(area.height).enumerated() {
            let y = area.y + index
            if index == area.height - 1, columns.count > area.height {
                grid.write("+\(columns.count - area.height + 1) more columns", x: area.x, y: y, style: styles[.dim], within: area)
                return
            }
            grid.write(column.name.middleTruncated(to: nameWidth), x: area.x, y: y, style: styles[.text], within: area)
            let x = area.x + nameWidth + 1
            if column.histogram.isEmpty {
                grid.write("text", x: x, y: y, style: styles[.dim], within: area)
            } else {
                Sparkline(SeriesData(values: column.histogram.map(Double.init)), range: 0...Double(max(1, column.histogram.max() ?? 1)))
                    .draw(into: &grid, area: Rect(x: x, y: y, width: min(sketchWidth, column.histogram.count), height: 1), palette: palette)
            }
            var words = ""
            if let low = column.minimum, let high = column.maximum { words = "\(NumberText.short(low)) … \(NumberText.short(high))" }
            if column.missing > 0 { words += "  \(NumberText.grouped(column.missing)) missing" }
            grid.write(words, x: x + sketchWidth + 1, y: y, style: styles[.dim], within: area)
        }
    }
}
