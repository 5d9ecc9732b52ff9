import Terminal

extension LineChart {
    /// A row of ticks for each rug, from the bottom of the plot upwards, with its name where no tick is. Half of the plot at most: the
    /// curves keep the rest.
    func drawRugs(frame: PlotFrame, plotting: LinePlotting, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let plot = frame.plot
        for (index, rug) in rugs.prefix(plot.height / 2).enumerated() {
            let row = plot.maxY - 1 - index, style = palette.style(ofSlot: rug.slot)
            let cells = Set(rug.places.compactMap { plotting.x.index(of: $0).map { $0 / plotting.dotsPerColumn } })
            for cell in cells { pen.put(palette.glyphs == .ascii ? "|" : "╵", x: plot.x + cell, y: row, style: style, into: &grid) }
            let name = rug.name.middleTruncated(to: max(0, plot.width / 2 - 1)), width = name.columnWidth
            guard width > 0 else { continue }
            let places = [0, plot.width - width].filter { start in !(start..<start + width).contains { cells.contains($0) } }
            if let start = places.first { pen.write(name, x: plot.x + start, y: row, style: style, into: &grid) }
        }
    }
}
