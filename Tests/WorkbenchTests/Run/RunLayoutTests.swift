import Terminal
import Testing
import Workbench

@Suite struct RunLayoutTests {
    @Test func `panels tile the area without overlap at any size, and the focus is always in sight`() {
        for count in [1, 2, 3, 7, 21] {
            let wide = (0..<count).map { $0 % 5 == 2 }
            for width in stride(from: 0, through: 200, by: 11) {
                for height in stride(from: 0, through: 70, by: 5) {
                    for focus in [0, count / 2, count - 1] {
                        for isZoomed in [false, true] {
                            let area = Rect(x: 3, y: 2, width: width, height: height)
                            let layout = RunLayout(wide: wide, focus: focus, isZoomed: isZoomed, in: area)
                            guard !area.isEmpty else { continue }
                            #expect(layout.frame(of: focus) != nil)
                            let cells = layout.spots.reduce(layout.tabs.map { $0.width * $0.height } ?? 0) { $0 + $1.frame.width * $1.frame.height }
                            #expect(cells == width * height, "\(count) panels in \(width) x \(height)")
                            #expect(layout.spots.allSatisfy { $0.frame.intersection(area) == $0.frame })
                            if isZoomed { #expect(layout.spots.count == 1) }
                        }
                    }
                }
            }
        }
    }

    @Test func `eighty columns show one panel and tabs, wide screens a grid`() {
        let small = RunLayout(wide: [false, false, true], focus: 1, isZoomed: false, in: Rect(Size(width: 80, height: 21)))
        #expect(small.spots.map(\.panel) == [1])
        #expect(small.tabs != nil)
        let large = RunLayout(wide: [false, false, true], focus: 1, isZoomed: false, in: Rect(Size(width: 120, height: 37)))
        #expect(large.spots.map(\.panel) == [0, 1, 2])
        #expect(large.tabs == nil)
        #expect(large.frame(of: 2)?.width == 120)
    }
}
