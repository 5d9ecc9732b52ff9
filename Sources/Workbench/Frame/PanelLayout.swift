import Terminal

/// How a screen's panels share its area: one with a tab line on 80 columns, list and detail from 100, three columns from 140,
/// stacked on a tall narrow screen. Everything is worked out afresh from the size; nothing remembers cells.
public struct PanelLayout: Sendable, Equatable {
    public enum Form: Sendable, Equatable { case single, columns(Int), stacked }

    public var form: Form
    /// The tab line; nil where all panels show.
    public var tabs: Rect?
    /// One rectangle a panel, empty where it does not show.
    public var panels: [Rect]

    /// - Parameters:
    ///   - count: how many panels there are.
    ///   - focus: the one that shows where only one can.
    ///   - size: the terminal's size, which decides the form.
    ///   - listShare: the first panel's share of the width in the form of two columns.
    public init(count: Int, focus: Int, area: Rect, size: Size, listShare: Double = 0.6) {
        form = Self.form(size)
        let hidden = Rect(x: area.x, y: area.y, width: 0, height: 0)
        panels = Array(repeating: hidden, count: max(0, count))
        guard count > 0 else { return }
        if count == 1 {
            panels[0] = area
            return
        }
        switch form {
        case .single:
            let (line, rest) = area.split(top: 1)
            tabs = line
            panels[min(max(0, focus), count - 1)] = rest
        case .stacked:
            panels = Self.rows(area, count)
        case .columns(let columns) where columns >= 3 && count >= 3:
            let (list, others) = area.split(left: Int(Double(area.width) * min(listShare, 0.45)))
            let (middle, right) = others.split(left: others.width / 2)
            panels[0] = list
            panels[1] = middle
            for (index, rect) in Self.rows(right, count - 2).enumerated() { panels[index + 2] = rect }
        case .columns:
            let (list, detail) = area.split(left: Int(Double(area.width) * listShare))
            panels[0] = list
            for (index, rect) in Self.rows(detail, count - 1).enumerated() { panels[index + 1] = rect }
        }
    }

    public static func form(_ size: Size) -> Form {
        if size.width >= 140 { return .columns(3) }
        if size.width >= 100 { return .columns(2) }
        return size.height >= 46 ? .stacked : .single
    }

    private static func rows(_ area: Rect, _ count: Int) -> [Rect] {
        guard count > 0 else { return [] }
        return (0..<count).map { index in
            let top = area.height * index / count, bottom = area.height * (index + 1) / count
            return Rect(x: area.x, y: area.y + top, width: area.width, height: bottom - top)
        }
    }

    /// The panel at a cell.
    public func panel(x: Int, y: Int) -> Int? { panels.firstIndex { $0.contains(x: x, y: y) } }

    /// Draws the tab line, if there is one: `[1 Runs]  2 Preview`.
    public func drawTabs(_ titles: [String], focus: Int, into grid: inout CellGrid, styles: Styles) {
        guard let tabs else { return }
        grid.fill(tabs, with: " ", style: styles[.text])
        var x = tabs.x
        for (index, title) in titles.enumerated() {
            let isActive = index == focus
            let text = isActive ? "[\(index + 1) \(title)]" : " \(index + 1) \(title) "
            x += grid.write(text, x: x, y: tabs.y, style: styles[isActive ? .tabActive : .tab], within: tabs)
        }
    }
}

/// Which of a screen's panels has the focus, and the keys that move it.
public struct PanelFocus: Sendable, Equatable {
    public private(set) var index = 0
    public var count: Int

    public init(count: Int) { self.count = max(1, count) }

    public mutating func move(to panel: Int) { if (0..<count).contains(panel) { index = panel } }

    /// - Returns: true where the action was one of the focus.
    public mutating func handle(_ action: ActionID) -> Bool {
        switch action.rawValue {
        case "panel.next": index = (index + 1) % count
        case "panel.previous": index = (index + count - 1) % count
        case let name where name.hasPrefix("panel."):
            guard let number = Int(name.dropFirst(6)) else { return false }
            move(to: number - 1)
        default: return false
        }
        return true
    }
}
