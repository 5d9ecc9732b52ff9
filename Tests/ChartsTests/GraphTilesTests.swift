import Charts
import Terminal
import Testing

@Suite struct GraphTilesTests {
    func lines(_ map: GraphChart, width: Int, height: Int) -> [String] {
        var grid = CellGrid(Size(width: width, height: height))
        map.draw(into: &grid, area: grid.bounds, palette: ChartGallery.palette(color: false))
        return (0..<height).map { y in String((0..<width).map { grid[$0, y].text }) }
    }

    @Test func `every node has a tile of its own, with its number, and left is left of right`() {
        let text = lines(ChartGallery.states, width: 60, height: 12).joined(separator: "\n")
        for name in ["WA[0]", "ND[1]", "MN[2]", "WI[3]", "CA[0]", "MO[3]"] { #expect(text.contains(name), "\(name)\n\(text)") }
        for number in ["0.2", "1.4"] { #expect(text.contains(number), "\(number)\n\(text)") }
        let row = lines(ChartGallery.states, width: 60, height: 12).first { $0.contains("WA[0]") } ?? ""
        #expect(row.contains("ND[1]") && row.contains("WI[3]"))
    }

    @Test func `nodes at one place are put beside each other, and what does not fit is said`() {
        let heap = GraphChart(nodes: (0..<12).map { .init("n\($0)", value: Double($0), x: 0.5, y: 0.5) }, edges: [], form: .tiles)
        let text = lines(heap, width: 40, height: 10).joined(separator: "\n")
        for index in 0..<12 { #expect(text.contains("n\(index)"), "\(text)") }
        #expect(lines(heap, width: 7, height: 4).joined().contains("+6 t"))
    }

    @Test func `the arrows walk to the nearest node of their side and stop at the border`() {
        let map = ChartGallery.states
        #expect(map.next(from: 5, .right) == 6 && map.next(from: 5, .left) == 4 && map.next(from: 5, .up) == 1 && map.next(from: 5, .down) == 9)
        #expect(map.next(from: 0, .left) == nil && map.next(from: 0, .up) == nil && map.next(from: 99, .up) == nil)
        #expect(map.neighbours(of: 5) == [1, 4, 6, 9])
    }
}
